// Command receipt fetches receipts from Digital Post, takes those that are pushed, and asks for missing ones.
package main

import (
	"brevdue/internal/app"
	"brevdue/internal/aws/trigger"
)

func main() { trigger.Start(app.Receipt(app.Environment())) }
