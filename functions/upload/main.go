// Command upload answers the API: it takes orders, hands out presigned uploads, and shows what became of them.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Upload(cloud.Environment())) }
