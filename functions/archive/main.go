// Command archive puts letters and their receipts into their cases.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Archive(app.Environment())) }
