package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"brevdue/internal/bench/bars"
	"brevdue/internal/embedded"
	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/store"
)

// portal measures each page of the portal while a large shipment is on its way, with many old ones on disk. What a
// request costs that does nothing is the floor.
func portal(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench portal", flag.ContinueOnError)
	letters := flags.Int("letters", 10000, "letters of the shipment that is on its way")
	old := flags.Int("shipments", 10000, "shipments on disk")
	binary := flags.String("brevdue", "bin/brevdue", "binary to measure")
	on := flags.String("on", "build", "folder on the disk to measure")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(*on, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file, data := filepath.Join(dir, "letters.pdf"), filepath.Join(dir, "portal")
	if err := os.WriteFile(file, document(*letters), 0o600); err != nil {
		return err
	}
	code, err := firstStart(ctx, *binary, data)
	if err != nil {
		return err
	}
	if err := fill(ctx, data, *old); err != nil {
		return err
	}
	var took map[string][]time.Duration
	watch := func(a api, id string) (err error) {
		took, err = visit(a, code, id)
		return err
	}
	if _, err := wayOf(ctx, *binary, file, data, *letters, watch); err != nil {
		return err
	}
	report(os.Stdout, *letters, *old, took)
	return nil
}

var codeShown = regexp.MustCompile(`kode »([^«]+)«`)

// firstStart lets a server make its folder, and returns the code that it shows.
func firstStart(ctx context.Context, binary, data string) (string, error) {
	addr, err := freeAddress()
	if err != nil {
		return "", err
	}
	var shown bytes.Buffer
	server, err := startTo(ctx, &shown, binary, "serve", "--addr", addr, "--data", data)
	if err != nil {
		return "", err
	}
	a := api{base: "http://" + addr}
	err = a.ready(data)
	server.stop()
	found := codeShown.FindSubmatch(shown.Bytes())
	if found == nil {
		return "", errors.Join(err, fmt.Errorf("no code was shown: %q", shown.Bytes()))
	}
	return string(found[1]), err
}

// lettersEach are the letters of an old shipment.
const lettersEach = 3

// fill puts shipments into a folder that are over.
func fill(ctx context.Context, data string, shipments int) error {
	backend, err := embedded.Open(data, "")
	if err != nil {
		return err
	}
	s := store.New(backend.Table())
	err = each(shipments, 1, 64, func(from, _ int) error { return fillOne(ctx, s, from) })
	for cursor, more := "", err == nil; more && err == nil; more = cursor != "" { // what is over leaves the backlog
		_, cursor, err = s.Shipments().Unfinished(ctx, "demo", cursor, writtenAtOnce)
	}
	return errors.Join(err, backend.Close())
}

func fillOne(ctx context.Context, s *store.Store, i int) error {
	at := time.Now().Add(-time.Duration(i+1) * time.Hour)
	number, err := ident.ParseCVR("99060816")
	if err != nil {
		return err
	}
	sh := &post.Shipment{ID: oldID(i), Org: "demo", Subject: fmt.Sprint("Afgørelse nr. ", i),
		Sender: post.Sender{Number: number, Name: "Nordøby Kommune"}, Rule: post.FirstPage, MeMo: post.MeMo12,
		Parts:       []post.Part{{Name: "a.pdf", Type: "application/pdf", Key: "uploads/demo/" + oldID(i) + "/0"}},
		Environment: post.Simulator, By: "demo", Created: at, State: post.InSending, SentAt: at, Version: 1,
		Letters: lettersEach, Pages: lettersEach, FannedOut: true}
	if err := s.Shipments().Create(ctx, sh); err != nil {
		return err
	}
	var letters []*post.Letter
	for n := range lettersEach {
		recipient, err := ident.ParseCPR(fmt.Sprintf("0101%02d%04d", 40+i%50, (3*i+n)%4000))
		if err != nil {
			return err
		}
		l := &post.Letter{ID: post.NewLetterID(sh.ID, 1, n+1, n+1, n+1), Org: sh.Org, First: n + 1, Last: n + 1,
			Recipient: recipient, State: post.Completed, Archiving: post.Archiving{State: post.Archived}}
		l.Note(at, post.WasSplit, "")
		letters = append(letters, l)
	}
	return s.Letters().Create(ctx, sh, letters)
}

func oldID(i int) string { return fmt.Sprintf("old%09d", i) }

// visit opens the pages one after the other until the shipment is over.
func visit(a api, code, id string) (map[string][]time.Duration, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar}
	res, err := browser.PostForm(a.base+"/log-ind", url.Values{"bruger": {"demo"}, "kode": {code}})
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Request.URL.Path != "/afsend" {
		return nil, fmt.Errorf("log in: %s at %s", res.Status, res.Request.URL.Path)
	}
	pages := map[string]string{"(floor)": "/healthz", "Afsend": "/afsend", "Log": "/log",
		"Ubehandlet": "/log/ubehandlet", "Forsendelse": "/forsendelse/" + id, "Profiler": "/profiler",
		"Forsendelse, old": "/forsendelse/" + oldID(0), "Drift": "/drift"}
	took := map[string][]time.Duration{}
	for {
		for name, path := range pages {
			d, err := timed(browser, a.base+path)
			if err != nil {
				return nil, err
			}
			took[name] = append(took[name], d)
			time.Sleep(5 * time.Millisecond)
		}
		p, err := a.progress(id)
		if err != nil || p.over() {
			return took, err
		}
		if p.HandedOver > 0 { // before, its letters are being written
			pages["Forsendelse, a letter"] = "/forsendelse/" + id + "?brev=777"
		}
	}
}

func timed(c *http.Client, address string) (time.Duration, error) {
	begun := time.Now()
	res, err := c.Get(address)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, err
	}
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", address, res.Status)
	}
	return time.Since(begun), nil
}

// report prints the pages.
func report(out io.Writer, letters, old int, took map[string][]time.Duration) {
	fmt.Fprintf(out, "pages while %d letters are on their way, %d shipments on disk\n", letters, old)
	fmt.Fprintf(out, "%22s %8s %10s %10s %10s\n", "page", "visits", "median ms", "p95 ms", "slowest")
	slowest := time.Duration(0)
	for _, name := range slices.Sorted(maps.Keys(took)) {
		all := took[name]
		slices.Sort(all)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		p95 := all[len(all)*95/100]
		fmt.Fprintf(
			out, "%22s %8d %10.1f %10.1f %10.1f\n", name, len(all), ms(all[len(all)/2]), ms(p95), ms(all[len(all)-1]),
		)
		slowest = max(slowest, p95)
	}
	bars.Print(out, "slowest page of the portal (p95)", float64(slowest.Microseconds())/1000)
}
