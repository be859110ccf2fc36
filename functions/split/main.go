// Command split cuts an upload into letters when S3 says that it is there, and queues what may leave.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Split(app.Environment())) }
