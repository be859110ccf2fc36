// Command portal serves the Danish pages.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Portal(cloud.Environment())) }
