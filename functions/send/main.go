// Command send hands letters to Digital Post.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Send(cloud.Environment())) }
