// Command bulk does remedies of Ubehandlet that were pressed for many rows at once.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Bulk(app.Environment())) }
