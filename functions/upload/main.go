// Command upload answers the API: it takes orders, hands out presigned uploads, and shows what became of them.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Upload(app.Environment())) }
