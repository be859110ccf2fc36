// Command archive puts letters and their receipts into their cases.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Archive(cloud.Environment())) }
