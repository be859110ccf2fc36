// Command sweep finds work that stands still, every minute.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
	"brevdue/internal/remote/mail"
)

func main() { trigger.Start(app.Sweep(app.Environment(), mail.Open)) }
