// Command split cuts an upload into letters when S3 says that it is there, and queues what may leave.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Split(cloud.Environment())) }
