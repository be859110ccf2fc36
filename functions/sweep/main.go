// Command sweep finds work that stands still, every minute.
package main

import (
	"brevdue/internal/aws/trigger"
	"brevdue/internal/wire/cloud"
)

func main() { trigger.Start(cloud.Sweep(cloud.Environment())) }
