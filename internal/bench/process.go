package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// process is a program that runs beside the one that measures.
type process struct{ *exec.Cmd }

func start(ctx context.Context, binary string, args ...string) (process, error) {
	return startTo(ctx, nil, binary, args...)
}

// startTo starts a program whose output somebody reads.
func startTo(ctx context.Context, out io.Writer, binary string, args ...string) (process, error) {
	p := process{exec.CommandContext(ctx, binary, args...)}
	p.Stdout = out
	return p, p.Start()
}

func (p process) stop() {
	_ = p.Process.Signal(os.Interrupt)
	_ = p.Wait()
}

// ticksPerSecond is USER_HZ, in which Linux counts the time of processes.
const ticksPerSecond = 100

// processorTime returns the seconds that a process has used, in user mode and in the kernel.
func processorTime(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ") // its name may have anything in it
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	var user, system float64
	_, err = fmt.Sscan(fields[11]+" "+fields[12], &user, &system)
	return (user + system) / ticksPerSecond, err
}

// settled waits until a process that has just started does nothing any more.
func (p process) settled() error {
	last := -1.0
	for range 50 {
		now, err := processorTime(p.Process.Pid)
		if err != nil || now == last {
			return err
		}
		last = now
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("%s never rests", p.Path)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// simulator is Digital Post's, in a process of its own.
type simulator struct {
	process
	url string
}

// receiptAfter is how long it waits with receipts.
const receiptAfter = "10ms"

func startSimulator(ctx context.Context, binary, data string) (simulator, error) {
	addr, err := freeAddress()
	if err != nil {
		return simulator{}, err
	}
	p, err := start(ctx, binary, "simulator", "--addr", addr, "--data", data, "--delay", receiptAfter)
	if err != nil {
		return simulator{}, err
	}
	for range 500 {
		if res, err := http.Get("http://" + addr + "/messages"); err == nil {
			res.Body.Close()
			return simulator{p, "http://" + addr + "/apis/v1"}, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.stop()
	return simulator{}, fmt.Errorf("the simulator at %s does not answer", addr)
}
