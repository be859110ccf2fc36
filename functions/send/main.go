// Command send hands letters to Digital Post.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Send(app.Environment())) }
