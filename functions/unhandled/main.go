// Command unhandled turns every dead letter into a row of Ubehandlet.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Unhandled(app.Environment())) }
