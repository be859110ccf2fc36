package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// runs of each function; the first is not counted: it reads the file from disk.
const runs = 21

// measureAll prints a row per bootstrap.
func measureAll(out io.Writer, paths []string) error {
	fmt.Fprintf(out, "%-12s %9s %24s\n", "function", "MB", "start, ms (least–most)")
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		var times []float64
		for range runs {
			took, err := start(path)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			times = append(times, float64(took.Microseconds())/1000)
		}
		times = times[1:]
		slices.Sort(times)
		fmt.Fprintf(
			out,
			"%-12s %9.1f %10.1f (%.1f–%.1f)\n",
			filepath.Base(filepath.Dir(path)),
			float64(info.Size())/1e6,
			times[len(times)/2],
			times[0],
			times[len(times)-1],
		)
	}
	return nil
}

// start starts a function with a runtime API of our own, and returns when it asked for work.
func start(path string) (time.Duration, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	asked := make(chan time.Time, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- time.Now():
		default:
		}
		<-r.Context().Done()
	})}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	cmd := exec.Command(path)
	cmd.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(),
		"AWS_REGION=eu-central-1",
		"PACE=production",
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	select {
	case at := <-asked:
		return at.Sub(begun), nil
	case <-time.After(10 * time.Second):
		return 0, fmt.Errorf("it never asked for work")
	}
}
