package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"brevdue/internal/embedded"
	"brevdue/internal/ident"
	"brevdue/internal/parallel"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/splitter"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
)

// edits is how many corrections are made of each document.
const edits = 200

// counted is a table that counts what is written to it.
type counted struct {
	store.Table
	writes, bytes atomic.Int64
}

// Transact implements store.Table.
func (c *counted) Transact(ctx context.Context, writes ...store.Write) error {
	for _, w := range writes {
		if w.Put != nil {
			c.writes.Add(1)
			c.bytes.Add(int64(len(w.Put.Body)))
		}
	}
	return c.Table.Transact(ctx, writes...)
}

// files counts what is stored as a file.
type files struct {
	*embedded.Objects
	puts, bytes atomic.Int64
}

// Put implements post.Objects.
func (f *files) Put(ctx context.Context, all ...post.File) ([]post.Object, error) {
	f.puts.Add(int64(len(all)))
	for _, file := range all {
		f.bytes.Add(int64(len(file.Content)))
	}
	return f.Objects.Put(ctx, all...)
}

// silent takes jobs and does nothing: what is measured is done by hand.
type silent struct{}

// Send implements post.Queues.
func (silent) Send(context.Context, post.Queue, ...post.Job) error { return nil }

// Return implements post.Queues.
func (silent) Return(context.Context, post.DeadMessage) error { return nil }

// bench is a shipment in review on the disk.
type bench struct {
	table    *counted
	files    *files
	store    *store.Store
	split    *split.Handler
	commands *upload.Commands
	close    func() error
}

const (
	org = "demo"
	id  = "bench0000000"
)

func openBench(dir string) (*bench, error) {
	backend, err := embedded.Open(dir, "")
	if err != nil {
		return nil, err
	}
	objects, err := backend.Objects()
	if err != nil {
		return nil, errors.Join(err, backend.Close())
	}
	d := &bench{table: &counted{Table: backend.Table()}, files: &files{Objects: objects}, close: backend.Close}
	d.store = store.New(d.table)
	audit := d.store.AuditLog(time.Now)
	d.split = &split.Handler{
		Shipments: d.store.Shipments(), Letters: d.store.Letters(), Lists: d.store.Letters(),
		NewLetters: d.store.Letters(), Drafts: d.store, Files: d.store, Outlines: d.store, Versions: d.store,
		Organizations: d.store, Days: d.store,
		Objects: d.files, Uploads: d.files, Queues: silent{}, Audit: audit, Environment: post.Simulator,
		Timings: post.ProductionTimings, Runner: parallel.Goroutines{}, Now: time.Now,
		NewSecret: func() post.Secret { return "drawn" },
		Split:     splitter.Make, Replan: splitter.Replan, Cut: splitter.CutOne,
	}
	d.commands = &upload.Commands{
		Shipments: d.store.Shipments(), Letters: d.store.Letters(), Lists: d.store.Letters(), Drafts: d.store,
		Reviews: d.split, Organizations: d.store, Days: d.store, Users: d.store,
		Files: d.store, Queues: silent{}, Audit: audit, Now: time.Now,
		Timings: post.ProductionTimings,
	}
	return d, nil
}

// begin splits a document and leaves it in review.
func (d *bench) begin(ctx context.Context, content []byte) (*post.Shipment, error) {
	key := "uploads/" + org + "/" + id + "/0"
	if _, err := d.files.Put(ctx, post.File{Key: key, Content: content}); err != nil {
		return nil, err
	}
	sender, err := ident.ParseCVR("99060816")
	if err != nil {
		return nil, err
	}
	s := &post.Shipment{
		ID: id, Org: org, Subject: "Måling", Sender: post.Sender{Number: sender}, Rule: post.FirstPage, Review: true,
		Parts: []post.Part{{Name: "breve.pdf", Type: "application/pdf", Key: key, Limit: 1 << 30}},
		State: post.Uploading, Environment: post.Simulator, MeMo: post.MeMo12, Created: time.Now(),
		Due: time.Now().Add(time.Hour),
	}
	if err := d.store.Shipments().Create(ctx, s); err != nil {
		return nil, err
	}
	if err := d.split.Handle(ctx, []post.Job{{Object: key}})[0]; err != nil {
		return nil, err
	}
	if s, err = d.store.Shipments().GetAny(ctx, id); err == nil && s.State != post.InReview {
		err = fmt.Errorf("the document is %s: %v", s.State, s.Problem)
	}
	return s, err
}

// measureAll prints a row for each document.
func measureAll(ctx context.Context, out io.Writer, names []string) error {
	fmt.Fprintf(out, "A correction of a draft, %d of each document, %d processors; table and files on this disk.\n",
		edits, runtime.GOMAXPROCS(0))
	fmt.Fprintf(out, "%-30s %6s %7s | %9s %9s %7s %9s | %9s %8s %10s | %9s\n", "", "pages", "letters",
		"median ms", "slowest", "writes", "bytes", "anew ms", "writes", "bytes", "preview ms")
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := measure(ctx, out, filepath.Base(name), content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(names) > 0 {
		return nil
	}
	for _, pages := range []int{100, 1000, 10000} {
		if err := measure(ctx, out, fmt.Sprintf("made here, %d", pages), made(pages)); err != nil {
			return err
		}
	}
	return nil
}

// made is a document of letters of two pages.
func made(pages int) []byte {
	letters := make([]pdftest.Letter, pages/2)
	for i := range letters {
		number := fmt.Sprintf("0101%02d-1%03d", i/1000%100, i%1000)
		letters[i] = pdftest.Letter{Pages: 2, Heading: []string{"Navn Navnesen", fmt.Sprintf("Vej %d", i+1),
			"9999 Nordøby", "CPR-nr.: " + number}}
	}
	return pdftest.Merge(pdftest.Options{}, letters...)
}

func measure(ctx context.Context, out io.Writer, name string, content []byte) error {
	dir, err := os.MkdirTemp("", "brevdue-review-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := openBench(dir)
	if err != nil {
		return err
	}
	defer d.close()
	s, err := d.begin(ctx, content)
	if err != nil {
		return err
	}
	took, err := d.correct(ctx, s)
	if err != nil {
		return err
	}
	writes, bytes := d.table.writes.Load()/edits, d.table.bytes.Load()/edits
	preview, err := d.preview(ctx)
	if err != nil {
		return err
	}
	anew, err := d.anew(ctx)
	if err != nil {
		return err
	}
	slices.Sort(took)
	_, err = fmt.Fprintf(out, "%-30s %6d %7d | %9.1f %9.1f %7d %9d | %9.0f %8d %10d | %9.1f\n", name, s.Pages,
		s.Letters, ms(took[len(took)/2]), ms(took[len(took)-1]), writes, bytes, ms(anew),
		d.table.writes.Load()+d.files.puts.Load(), d.table.bytes.Load()+d.files.bytes.Load(), ms(preview))
	return err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// correct makes the corrections: a letter is cut in two and the cut undone, each for itself.
func (d *bench) correct(ctx context.Context, s *post.Shipment) (took []time.Duration, err error) {
	d.table.writes.Store(0)
	d.table.bytes.Store(0)
	r, err := d.split.Review(ctx, s)
	if err != nil {
		return nil, err
	}
	long := slices.IndexFunc(r.Letters, func(l *post.Letter) bool { return l.Last > l.First })
	if long < 0 {
		return nil, errors.New("each of its letters has one page")
	}
	who := post.Caller{Org: org, Name: "eva", Kind: post.ByUser}
	for n := range edits {
		e := post.Edit{Do: post.EditCut, Page: r.Letters[long].First + 1}
		if n%2 == 1 {
			e = post.Edit{Do: post.EditUndo, Page: n}
		}
		begun := time.Now()
		if _, err := d.commands.Edit(ctx, who, id, n, e); err != nil {
			return nil, fmt.Errorf("correction %d: %w", n+1, err)
		}
		took = append(took, time.Since(begun))
	}
	return took, nil
}

// preview cuts one letter that nobody has looked at.
func (d *bench) preview(ctx context.Context) (time.Duration, error) {
	s, err := d.store.Shipments().GetAny(ctx, id)
	if err != nil {
		return 0, err
	}
	r, err := d.split.Review(ctx, s)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	_, err = d.split.Preview(ctx, s, r.Letters[len(r.Letters)-1])
	return time.Since(begun), err
}

// anew is what each correction took before: the document is read and cut, and all letters are written.
func (d *bench) anew(ctx context.Context) (time.Duration, error) {
	if _, err := d.store.Shipments().Change(ctx, "demo", id, func(s *post.Shipment) error {
		return s.StartSending("", time.Now(), time.Now().Add(time.Hour))
	}); err != nil {
		return 0, err
	}
	d.table.writes.Store(0)
	d.table.bytes.Store(0)
	d.files.puts.Store(0)
	d.files.bytes.Store(0)
	begun := time.Now()
	err := d.split.Handle(ctx, []post.Job{{Shipment: id}})[0]
	return time.Since(begun), err
}
