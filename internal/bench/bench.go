package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"brevdue/internal/pdf/pdftest"
)

// measured is one run.
type measured struct {
	Letters int     `json:"letters"`
	Seconds float64 `json:"seconds"`
	PeakMB  float64 `json:"peakMB"` // resident memory of the process, at its highest
}

func (m measured) perSecond() float64 { return float64(m.Letters) / m.Seconds }

// run measures the way and the floor in turn. With "floor FILE DATA" it is the floor: a process of its own, so that its
// memory and its garbage are its own.
func run(ctx context.Context, args []string) error {
	if len(args) == 3 && args[0] == "floor" {
		m, err := floor(ctx, args[1], args[2])
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(m)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.Int("runs", 5, "runs of each, of which the median is printed")
	sizes := flags.String("letters", "1000,10000", "letters in a shipment")
	binary := flags.String("brevdue", "bin/brevdue", "binary to measure")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "brevdue-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf(
		"%d processors, %s; median of %d runs each, way and floor in turn\n",
		runtime.NumCPU(),
		runtime.Version(),
		*runs,
	)
	fmt.Printf("%8s %22s %22s %7s %12s\n", "letters", "way, letters/s", "floor, letters/s", "ratio", "peak memory")
	for _, size := range strings.Split(*sizes, ",") {
		var n int
		if _, err := fmt.Sscan(size, &n); err != nil {
			return fmt.Errorf("-letters %q: %w", size, err)
		}
		if err := compare(ctx, *binary, dir, n, *runs); err != nil {
			return err
		}
	}
	return nil
}

func compare(ctx context.Context, binary, dir string, letters, runs int) error {
	file := filepath.Join(dir, fmt.Sprintf("%d.pdf", letters))
	if err := os.WriteFile(file, document(letters), 0o600); err != nil {
		return err
	}
	var ways, floors, ratios []float64
	peak := 0.0
	for i := range runs {
		w, err := way(ctx, binary, file, filepath.Join(dir, fmt.Sprintf("way-%d-%d", letters, i)), letters)
		if err != nil {
			return fmt.Errorf("way: %w", err)
		}
		f, err := floorProcess(file, filepath.Join(dir, fmt.Sprintf("floor-%d-%d", letters, i)))
		if err != nil {
			return fmt.Errorf("floor: %w", err)
		}
		ways, floors = append(ways, w.perSecond()), append(floors, f.perSecond())
		ratios = append(ratios, w.perSecond()/f.perSecond())
		peak = max(peak, w.PeakMB)
	}
	fmt.Printf("%8d %22s %22s %7.2f %9.0f MB\n", letters, spread(ways), spread(floors), median(ratios), peak)
	return nil
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func spread(v []float64) string {
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
			i%7000,
		) // fictitious; no ending of the simulator
		all[i] = pdftest.Letter{
			Heading: []string{"Åse Bækgaard", fmt.Sprintf("Ægirsvej %d", i+1), "9999 Nordøby", "CPR-nr.: " + number},
			Pages:   1,
			Body:    body,
		}
	}
	return pdftest.Merge(pdftest.Options{Logo: logo, Footer: "Nordøby Kommune  ·  CVR-nr. 99 06 08 16"}, all...)
}

func floorProcess(file, data string) (measured, error) {
	var m measured
	self, err := os.Executable()
	if err != nil {
		return m, err
	}
	cmd := exec.Command(self, "floor", file, data)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(data)
	return m, json.Unmarshal(out, &m)
}
