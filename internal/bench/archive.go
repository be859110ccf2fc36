package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"brevdue/internal/bench/bars"
	"brevdue/internal/embedded"
	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/seal/letters"
	"brevdue/internal/stage/archive"
	"brevdue/internal/store"
)

// Names are drawn with their frequency, so that the commonest is borne by one in twenty, as in Denmark.
var (
	given  = []string{"Anne", "Peter", "Mette", "Jens", "Kirsten", "Michael", "Hanne", "Lars", "Helle", "Thomas"}
	family = []string{"Nielsen", "Jensen", "Hansen", "Andersen", "Pedersen", "Christensen", "Larsen", "Sørensen",
		"Rasmussen", "Jørgensen", "Lykkegaard", "Bækgaard", "Åkjær", "Holm", "Friis", "Bundgaard", "Stenrøjel", "Egely",
		"Ravn", "Lindholm"}
)

var archiveKey = []byte("bench")

// archived measures searches in an archive of many letters on one machine. The floor is one read of the table.
func archived(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench archive", flag.ContinueOnError)
	letters := flags.Int("letters", 100_000, "letters in the archive")
	times := flags.Int("times", 40, "searches of each kind")
	on := flags.String("on", "build", "folder on the disk to measure")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(*on, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	backend, err := embedded.Open(dir, "")
	if err != nil {
		return err
	}
	s := store.New(backend.Table()).With(store.JSON, parallel.Goroutines{})
	files, err := backend.Objects()
	if err != nil {
		return errors.Join(err, backend.Close())
	}
	err = each(*letters/thousand, 1, 8, func(from, _ int) error { return fileOne(ctx, s, files, from) })
	if err != nil {
		return errors.Join(err, backend.Close())
	}
	if err = searched(ctx, s, files, *letters, *times); err == nil {
		err = fillLog(ctx, s)
	}
	if err == nil {
		err = logged(ctx, s, *times)
	}
	return errors.Join(err, backend.Close())
}

const thousand = 1000

// fileOne puts a shipment of a thousand letters into the archive.
func fileOne(ctx context.Context, s *store.Store, files *embedded.Objects, i int) error {
	at := time.Now().Add(-time.Duration(i+1) * time.Hour)
	sh := &post.Shipment{ID: oldID(i), Org: "demo", Subject: fmt.Sprint("Afgørelse nr. ", i), By: "demo", Created: at,
		State: post.InSending, Version: 1, Letters: thousand, Parts: []post.Part{{Name: "a.pdf"}}}
	if err := s.Shipments().Create(ctx, sh); err != nil {
		return err
	}
	made, filings := make([]*post.Letter, thousand), make([]post.Filing, thousand)
	for n := range thousand {
		who := i*thousand + n
		number := fmt.Sprintf("%02d%02d%02d%04d", who%28+1, who/28%12+1, 40+who/336%50, who/17000)
		recipient, err := ident.ParseCPR(number)
		if err != nil {
			return err
		}
		l := &post.Letter{ID: post.NewLetterID(sh.ID, 1, n+1, n+1, n+1), Org: sh.Org, Number: n + 1, First: n + 1,
			Last: n + 1, Recipient: recipient, State: post.Completed,
			Archiving: post.Archiving{State: post.Archived}, Secret: post.Secret(fmt.Sprintf("%016d", who))}
		l.Note(at, post.WasQueued, "")
		made[n], filings[n] = l, filed(l, who, at)
	}
	if err := s.Letters().Create(ctx, sh, made); err != nil {
		return err
	}
	if err := keepWords(ctx, s, files, sh, made); err != nil {
		return err
	}
	title := post.Titled{Org: sh.Org, Shipment: sh.ID, Subject: sh.Subject, At: at}
	for _, word := range ident.NameWords(sh.Subject) {
		title.Keys = append(title.Keys, keys.Title(archiveKey, sh.Org, ident.NameStart(word)))
	}
	if err := s.FileTitle(ctx, title); err != nil {
		return err
	}
	return each(thousand, 1, 16, func(from, _ int) error { return s.File(ctx, filings[from]) })
}

// keepWords keeps 120 words of each letter: most are those of all, as in a merge.
func keepWords(ctx context.Context, s *store.Store, files *embedded.Objects, sh *post.Shipment,
	made []*post.Letter) error {
	words := letters.NewSaid(len(made))
	for n, l := range made {
		said := make([]string, 120)
		for k := range said {
			said[k] = fmt.Sprintf("ord%dmed%d", k, k*k)
		}
		said[0], said[1] = fmt.Sprint("husnummer", n), family[n%len(family)]
		if err := words.Add(l, said); err != nil {
			return err
		}
	}
	kept := post.Words{Round: 1}
	err := words.Each(func(part int, content []byte) error {
		f := post.File{Org: sh.Org, Key: post.WordsKey(sh.ID, kept.Round, part), Content: content}
		stored, err := files.Put(ctx, f)
		if err == nil {
			kept.Files = append(kept.Files, post.WordsFile{Version: stored[0].Version, Size: stored[0].Size})
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.Shipments().Change(ctx, sh.Org, sh.ID, func(now *post.Shipment) error {
		now.Words = kept
		return nil
	})
	return err
}

func filed(l *post.Letter, who int, at time.Time) post.Filing {
	person := keys.Person(archiveKey, l.Org, l.Recipient.Key())
	f := post.Filing{Org: l.Org, Case: person, Person: person, Letter: l.ID, At: at,
		Name: given[who%len(given)] + " " + family[who/7%len(family)],
		Documents: []post.FiledDocument{{Kind: post.LetterDocument, Name: "a.pdf",
			Object: post.Object{Key: "archive/" + string(l.ID), SHA256: "0", Version: "0"}}}}
	for _, word := range ident.NameWords(f.Name) {
		f.NameKeys = append(f.NameKeys, keys.Name(archiveKey, l.Org, ident.NameStart(word)))
	}
	return f
}

func searched(ctx context.Context, s *store.Store, files *embedded.Objects, letters, times int) error {
	r := &archive.Reader{Objects: files, Shipments: s.Shipments(), Letters: s.Letters(), Cases: s, Titles: s,
		Lists: s.Letters(),
		Audit: s.AuditLog(time.Now), CaseKey: archiveKey}
	who := post.Caller{Org: "demo", Name: "bench", Grants: post.GrantsOf(post.Rights()...)}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%d letters\tmedian ms\tp95 ms\tfound\n", letters)
	floor, err := repeated(times, func() error {
		_, _, err := s.FiledUnder(ctx, "demo", "nobody", "", 1)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "(floor: one read)\t%.3f\t%.3f\t\n", ms(floor, 0.5), ms(floor, 0.95))
	var worst float64
	week := time.Now().AddDate(0, 0, -7).Format(time.DateOnly)
	for _, q := range []post.ArchiveQuery{{Text: "jensen"}, {Text: "anne"}, {Text: "mette jensen"},
		{Text: "lykkeg peter"}, {Text: "stenrøjel"}, {Text: "0101400000"}, {Text: "Nobody"}, {Text: "afgørelse"},
		{Text: "afgørelse 42"}, {Text: "stenrøjel afgørelse"}, {Text: "0101400000", Words: "husnummer"},
		{Text: "stenrøjel", Words: "husnummer12"}, {Words: "husnummer77", From: week},
		{Words: "ord17", From: week}, {Words: "findesikke", From: week}} {
		found := 0
		took, err := repeated(times, func() error {
			answer, err := r.SearchArchive(ctx, who, q)
			if err == nil {
				found = len(answer.Cases)
			}
			return err
		})
		if err != nil {
			return err
		}
		worst = max(worst, ms(took, 0.95))
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%d\n", asked(q), ms(took, 0.5), ms(took, 0.95), found)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	bars.Print(os.Stdout, "slowest search (p95)", worst)
	return nil
}

func asked(q post.ArchiveQuery) string {
	if q.Words == "" {
		return q.Text
	}
	return strings.TrimSpace(q.Text+" in text: ") + " " + q.Words
}

func repeated(times int, do func() error) ([]time.Duration, error) {
	took := make([]time.Duration, times)
	for i := range took {
		begun := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took, nil
}

func ms(took []time.Duration, part float64) float64 {
	return float64(took[int(part*float64(len(took)-1))].Microseconds()) / 1000
}
