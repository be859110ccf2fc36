// Command inbox-poll fetches the organizations' own post from Digital Post, every minute.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.InboxPoll(app.Environment())) }
