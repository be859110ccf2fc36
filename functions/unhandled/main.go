// Command unhandled turns every dead letter into a row of Ubehandlet.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Unhandled(cloud.Environment())) }
