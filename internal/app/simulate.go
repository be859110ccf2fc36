package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"brevdue/internal/edge"
	"brevdue/internal/remote/digitalpost/fake"
)

// Simulation is Digital Post's simulator alone, for an installation that runs elsewhere.
type Simulation struct {
	Addr       string
	Data       string // folder
	Duplicates fake.Duplicates
	Delay      time.Duration
}

// Simulate runs the simulator until ctx ends, and says on out where it is.
func Simulate(ctx context.Context, s Simulation, out io.Writer) error {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return err
	}
	listener, err := listen(s.Addr)
	if err != nil {
		return err
	}
	simulator, err := fake.Open(filepath.Join(s.Data, "simulator.db"), s.Duplicates, s.Delay)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(
		out,
		"Digital Post simulator %s/apis/v1\nHvad den har taget imod: %s/messages\n",
		base(listener.Addr()),
		base(listener.Addr()),
	)
	server := &http.Server{
		Handler:           edge.UsualDeadlines.Keep(simulator.Handler()),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    headerLimit,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err = server.Serve(listener); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, simulator.Close())
}
