// Brevdue sends, receives and archives Digital Post: one binary that is the whole service on one machine (serve), and
// the command line to any installation.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // whoever asks a second time does not wait
	code := run(ctx, os.Args[1:], standard())
	stop()
	os.Exit(code)
}
