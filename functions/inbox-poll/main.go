// Command inbox-poll fetches the organizations' own post from Digital Post, every minute.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.InboxPoll(cloud.Environment())) }
