package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"brevdue/internal/bench/bars"
	"brevdue/internal/pdf/pdftest"
)

// measured is one run. The start of its process is not in it, nor is Digital Post's simulator, a process of its own.
type measured struct {
	Letters   int     `json:"letters"`
	Seconds   float64 `json:"seconds"`
	CPU       float64 `json:"cpu"`       // seconds of the process
	Simulator float64 `json:"simulator"` // and of the simulator's
	PeakMB    float64 `json:"peakMB"`    // resident memory of the process, at its highest
}

func (m measured) perSecond() float64 { return float64(m.Letters) / m.Seconds }

func (m measured) perLetter(cpu float64) float64 { return 1e6 * cpu / float64(m.Letters) }

// run measures the way and the floor in turn. With "floor FILE DATA SIMULATOR" it is the floor: a process of its own,
// so that its memory and its garbage are its own.
func run(ctx context.Context, args []string) error {
	if len(args) == 4 && args[0] == "floor" {
		m, err := floor(ctx, args[1], args[2], args[3])
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(m)
	}
	if len(args) > 0 && args[0] == "archive" {
		return archived(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "portal" {
		return portal(ctx, args[1:])
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.Int("runs", 5, "runs of each, of which the median is printed")
	sizes := flags.String("letters", "1000,10000", "letters in a shipment")
	binary := flags.String("brevdue", "bin/brevdue", "binary to measure")
	on := flags.String("on", "build", "folder on the disk to measure")
	mass := flags.Int("mass", 0, "from so many letters on they go in containers; 0 one by one, as the floor does")
	keep := flags.Bool("keep", false, "leave the data: a disk that has just forgotten files makes new ones slowly")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(*on, "bench-")
	if err != nil {
		return err
	}
	if !*keep {
		defer os.RemoveAll(dir)
	}
	fmt.Printf("%d processors, %s; median of %d runs each, way and floor in turn; %s\n", runtime.NumCPU(),
		runtime.Version(), *runs, disk(dir))
	fmt.Printf("%8s %18s %18s %6s %15s %15s %15s %8s\n", "letters", "way, letters/s", "floor, letters/s", "ratio",
		"way, µs CPU", "floor, µs CPU", "simulator, µs", "peak MB")
	massFrom = strconv.Itoa(*mass)
	var found []figures
	for _, size := range strings.Split(*sizes, ",") {
		var n int
		if _, err := fmt.Sscan(size, &n); err != nil {
			return fmt.Errorf("-letters %q: %w", size, err)
		}
		f, err := compare(ctx, *binary, dir, n, *runs)
		if err != nil {
			return err
		}
		found = append(found, f)
	}
	for _, f := range found {
		f.print(found[0])
	}
	return nil
}

// figures are the medians of a size.
type figures struct {
	letters               int
	way, ratio, cpu, peak float64
}

// print prints what has a bar. CPU is compared with that of the smallest size.
func (f figures) print(smallest figures) {
	bars.Print(os.Stdout, fmt.Sprintf("way, %d letters", f.letters), f.way)
	bars.Print(os.Stdout, fmt.Sprintf("way to floor, %d letters", f.letters), f.ratio)
	bars.Print(os.Stdout, fmt.Sprintf("memory, %d letters", f.letters), f.peak)
	bars.Print(os.Stdout, fmt.Sprintf("CPU a letter, %d to %d", f.letters, smallest.letters), f.cpu/smallest.cpu)
}

// manyLetters is from how many on a size is run once, and without a floor: that has all letters in memory.
const manyLetters = 50_000

func compare(ctx context.Context, binary, dir string, letters, runs int) (figures, error) {
	file := filepath.Join(dir, fmt.Sprintf("%d.pdf", letters))
	if err := os.WriteFile(file, document(letters), 0o600); err != nil {
		return figures{}, err
	}
	if letters >= manyLetters {
		runs = 1
	}
	var ways, floors []measured
	var ratios []float64
	peak := 0.0
	for i := range runs {
		w, err := way(ctx, binary, file, filepath.Join(dir, fmt.Sprintf("way-%d-%d", letters, i)), letters)
		if err != nil {
			return figures{}, fmt.Errorf("way: %w", err)
		}
		ways, peak = append(ways, w), max(peak, w.PeakMB)
		if letters >= manyLetters {
			continue
		}
		f, err := floorProcess(ctx, binary, file, filepath.Join(dir, fmt.Sprintf("floor-%d-%d", letters, i)))
		if err != nil {
			return figures{}, fmt.Errorf("floor: %w", err)
		}
		floors = append(floors, f)
		ratios = append(ratios, w.perSecond()/f.perSecond())
	}
	cpu := func(m measured) float64 { return m.perLetter(m.CPU) }
	fmt.Printf("%8d %18s %18s %6.2f %15s %15s %15s %8.0f\n", letters, spread(ways, measured.perSecond),
		spread(floors, measured.perSecond), median(ratios), spread(ways, cpu), spread(floors, cpu),
		spread(ways, func(m measured) float64 { return m.perLetter(m.Simulator) }), peak)
	return figures{letters, medianOf(ways, measured.perSecond), median(ratios), medianOf(ways, cpu), peak}, nil
}

// disk says what a sync and a file cost where the data lies: 16 KB over what was there, and a new file of 30 KB.
func disk(dir string) string {
	var syncs, files []float64
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	b := make([]byte, 30<<10)
	for i := range 100 {
		_, err = f.WriteAt(b[:16<<10], 0)
		err = errors.Join(err, f.Sync())
		begun := time.Now()
		_, writeErr := f.WriteAt(b[:16<<10], 0)
		err = errors.Join(err, writeErr, unix.Fdatasync(int(f.Fd())))
		syncs = append(syncs, float64(time.Since(begun).Microseconds()))
		begun = time.Now()
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, fmt.Sprint("file", i)), b, 0o600))
		files = append(files, float64(time.Since(begun).Microseconds()))
	}
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("an fdatasync takes %.0f µs here, a file %.0f", median(syncs), median(files))
}

// median is NaN where nothing was measured, and meets no bar.
func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func valuesOf(all []measured, figure func(measured) float64) (v []float64) {
	for _, m := range all {
		v = append(v, figure(m))
	}
	return v
}

func medianOf(all []measured, figure func(measured) float64) float64 {
	return median(valuesOf(all, figure))
}

func spread(all []measured, figure func(measured) float64) string {
	v := valuesOf(all, figure)
	if len(v) == 0 {
		return "none"
	}
	return fmt.Sprintf("%.0f (%.0f–%.0f)", median(v), slices.Min(v), slices.Max(v))
}

// logoBytes makes a letter as large as LibreOffice's are, with their fonts: some 30 KB.
const logoBytes = 28 << 10

// document is a merged PDF of so many letters, one page each.
func document(letters int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	logo := make([]byte, logoBytes)
	for i := range logo {
		logo[i] = "0123456789abcdef"[random.IntN(16)]
	}
	body := slices.Repeat(
		[]string{"Har du spørgsmål, er du altid velkommen til at ringe på telefon 70 99 00 11 mellem kl. 9 og 14."},
		12,
	)
	all := make([]pdftest.Letter, letters)
	for i := range all {
		number := fmt.Sprintf(
			"%02d%02d%02d-%04d",
			i%28+1,
			i/28%12+1,
			40+i/336%50,
			(i+i/84000)%4000, // the dates and 4,000 come around together after 84,000
		) // fictitious, born after 1900; no ending of the simulator
		all[i] = pdftest.Letter{
			Heading: []string{"Åse Bækgaard", fmt.Sprintf("Ægirsvej %d", i+1), "9999 Nordøby", "CPR-nr.: " + number},
			Pages:   1,
			Body:    body,
		}
	}
	return pdftest.Merge(pdftest.Options{Logo: logo, Footer: "Nordøby Kommune  ·  CVR-nr. 99 06 08 16"}, all...)
}

func floorProcess(ctx context.Context, binary, file, data string) (measured, error) {
	var m measured
	self, err := os.Executable()
	if err != nil {
		return m, err
	}
	s, err := startSimulator(ctx, binary, data+"-simulator")
	if err != nil {
		return m, err
	}
	defer s.stop()
	cmd := exec.Command(self, "floor", file, data, s.url)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(out, &m)
}
