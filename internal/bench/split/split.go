package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"brevdue/internal/bench/bars"
	"brevdue/internal/pdf"
)

// contender is a program with the work that it does on a file.
type contender struct {
	name string
	args func(file, out string) []string
}

func contenders(self string) []contender {
	brevdue := filepath.Join(filepath.Dir(self), "brevdue")
	return []contender{
		{"brevdue, text", func(file, _ string) []string { return []string{self, "text", file} }},
		{
			"brevdue, letters",
			func(file, out string) []string { return []string{brevdue, "split", file, "--out", out, "--json"} },
		},
		{"brevdue, its start", func(string, string) []string { return []string{brevdue, "split", "--help"} }},
		{"brevdue, not written", func(file, _ string) []string { return []string{brevdue, "split", file, "--json"} }},
		{"pdftotext", func(file, _ string) []string { return []string{"pdftotext", file, "-"} }},
		{"qpdf --split-pages=2", func(file, out string) []string {
			return []string{"qpdf", "--split-pages=2", file, filepath.Join(out, "x.pdf")}
		}},
		{"pdfcpu extract", func(file, out string) []string {
			return []string{filepath.Join(filepath.Dir(self), "pdfcpu"), "extract", "-m", "page", file, out}
		}},
	}
}

// most is how long one process may take before its row says so: pdfcpu takes minutes on 10,000 pages.
const most = 3 * time.Minute

// rounds of each; the row is the fastest by CPU: what else the machine does can only add to it.
const rounds = 3

// cost is what a process took.
type cost struct {
	cpu, wall float64 // seconds
	megabytes float64 // at most in memory
	err       error
}

func compare(out io.Writer, files []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	all := contenders(self)
	file, err := fileCost()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d cores; the least CPU of %d runs in turn; a file in %s takes %.0f µs\n", runtime.NumCPU(),
		rounds, inMemory, file)
	for _, file := range files {
		first, err := exec.Command(self, "first", file).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		var pages int
		var after float64
		if _, err := fmt.Sscan(string(first), &pages, &after); err != nil {
			return err
		}
		fmt.Fprintf(
			out,
			"\n%s, %d pages, the first one's text after %.1f ms\n%-22s %9s %9s %9s %12s\n",
			filepath.Base(file),
			pages,
			after,
			"",
			"CPU s",
			"wall s",
			"MB",
			"ms/page",
		)
		costs := leastOf(all, file)
		for _, c := range all {
			best := costs[c.name]
			if best.err != nil {
				fmt.Fprintf(out, "%-22s %s\n", c.name, best.err)
				continue
			}
			fmt.Fprintf(
				out,
				"%-22s %9.3f %9.3f %9.1f %12.3f\n",
				c.name,
				best.cpu,
				best.wall,
				best.megabytes,
				1000*best.cpu/float64(pages),
			)
		}
		ratio(out, "text: pdftotext / brevdue", costs["pdftotext"], costs["brevdue, text"])
		ratio(
			out,
			"letters: qpdf / brevdue (reading and splitting)",
			costs["qpdf --split-pages=2"],
			costs["brevdue, letters"],
		)
		ratio(out, "letters: pdfcpu / brevdue", costs["pdfcpu extract"], costs["brevdue, letters"])
		compareBars(out, filepath.Base(file), costs, after)
	}
	return nil
}

// compareBars prints a file's figures beside their bars.
func compareBars(out io.Writer, file string, costs map[string]cost, first float64) {
	letters, text := costs["brevdue, letters"], costs["brevdue, text"]
	if qpdf := costs["qpdf --split-pages=2"]; qpdf.err == nil && letters.err == nil {
		bars.Print(out, "letters, "+file, qpdf.cpu/letters.cpu)
	}
	if pdftotext := costs["pdftotext"]; pdftotext.err == nil && text.err == nil {
		bars.Print(out, "text, "+file, pdftotext.cpu/text.cpu)
	}
	bars.Print(out, "CPU, "+file, letters.cpu)
	bars.Print(out, "memory, "+file, letters.megabytes)
	bars.Print(out, "first page, "+file, first)
	bars.Print(out, "start of brevdue split", 1000*costs["brevdue, its start"].cpu)
}

func ratio(out io.Writer, what string, other, ours cost) {
	if other.err == nil && ours.err == nil && ours.cpu > 0 {
		fmt.Fprintf(out, "%-50s %6.1f\n", what, other.cpu/ours.cpu)
	}
}

// long is from how many seconds on a contender runs once: what else the machine does matters little to it.
const long = 20

// leastOf runs all contenders in turn, several times, and returns the run of each with the least CPU.
func leastOf(all []contender, file string) map[string]cost {
	least := map[string]cost{}
	for range rounds {
		for _, c := range all {
			before, known := least[c.name]
			if known && (before.err != nil || before.wall > long) {
				continue
			}
			if one := measure(c, file); !known || one.err != nil || one.cpu < before.cpu {
				least[c.name] = one
			}
		}
	}
	return least
}

// inMemory is where letters are written: on a disk a file costs more after many were deleted, which is not ours.
const inMemory = "/dev/shm"

// fileCost is how many microseconds of wall a small file takes there.
func fileCost() (float64, error) {
	dir, err := os.MkdirTemp(inMemory, "bench-split-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	const files = 1000
	begun := time.Now()
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), make([]byte, 4096), 0o600); err != nil {
			return 0, err
		}
	}
	return float64(time.Since(begun).Microseconds()) / files, nil
}

func measure(c contender, file string) cost {
	dir, err := os.MkdirTemp(inMemory, "bench-split-")
	if err != nil {
		return cost{err: err}
	}
	defer os.RemoveAll(dir)
	args := c.args(file, dir)
	cmd := exec.Command(args[0], args[1:]...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return cost{err: err}
	}
	timer := time.AfterFunc(most, func() { _ = cmd.Process.Kill() })
	err = cmd.Wait()
	if !timer.Stop() {
		return cost{err: fmt.Errorf("ended after %v", most)}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 &&
		strings.HasPrefix(c.name, "brevdue") { // some letters wait for a person
		err = nil
	}
	if err != nil {
		return cost{err: fmt.Errorf("%w: %s", err, complaint.String())}
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{
		cpu:  (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		wall: time.Since(begun).Seconds(), megabytes: float64(usage.Maxrss) / 1024,
	}
}

// firstPage prints how many pages a file has, and how many milliseconds the text of the first one takes, from the bytes
// of the file on.
func firstPage(out io.Writer, args []string) error {
	data, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	best, pages := time.Hour, 0
	for range 2 * rounds {
		begun := time.Now()
		d, err := pdf.Open(data)
		if err != nil {
			return err
		}
		if _, err := d.Reader().Read(0); err != nil {
			return err
		}
		best, pages = min(best, time.Since(begun)), d.Pages()
	}
	fmt.Fprintln(out, pages, float64(best.Microseconds())/1000)
	return nil
}

func open(file string) (*pdf.Document, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return pdf.Open(data)
}

// readText reads all pages on all cores and prints what they say, as pdftotext does on one.
func readText(out io.Writer, args []string) error {
	d, err := open(args[1])
	if err != nil {
		return err
	}
	pages := make([]string, d.Pages())
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			r := d.Reader()
			for i := int(next.Add(1)) - 1; i < len(pages); i = int(next.Add(1)) - 1 {
				pages[i] = textOf(r, i)
			}
		})
	}
	wg.Wait()
	for _, text := range pages {
		if _, err := io.WriteString(out, text); err != nil {
			return err
		}
	}
	return nil
}

func textOf(r *pdf.Reader, i int) string {
	text, err := r.Read(i)
	if err != nil {
		return err.Error() + "\f"
	}
	var b strings.Builder
	for _, line := range text.Lines {
		b.WriteString(strings.Join(line, "  "))
		b.WriteByte('\n')
	}
	b.WriteByte('\f')
	return b.String()
}
