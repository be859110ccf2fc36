// Command receipt fetches receipts from Digital Post, takes those that are pushed, and asks for missing ones.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Receipt(cloud.Environment())) }
