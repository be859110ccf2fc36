// Command portal serves the Danish pages.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Portal(app.Environment())) }
