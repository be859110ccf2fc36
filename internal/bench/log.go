package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"brevdue/internal/bench/bars"
	"brevdue/internal/post"
	"brevdue/internal/stage/archive"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// smallShipments are as many as the log has beside those of a thousand letters: together 10,000.
const smallShipments = 9900

// fillLog puts shipments of one letter into the log.
func fillLog(ctx context.Context, s *store.Store) error {
	return each(smallShipments, 1, 16, func(i, _ int) error {
		at := time.Now().Add(-time.Duration(i+1) * time.Minute)
		sh := &post.Shipment{ID: oldID(10_000 + i), Org: "demo", Subject: fmt.Sprint("Brev nr. ", i), By: "demo",
			Created: at, State: post.InSending, Version: 1, Letters: 1, FannedOut: true,
			Parts: []post.Part{{Name: "a.pdf"}}, Area: post.Area{DocumentType: fmt.Sprint("type-", i%100)}}
		if err := s.Shipments().Create(ctx, sh); err != nil {
			return err
		}
		l := &post.Letter{ID: post.NewLetterID(sh.ID, 1, 1, 1, 1), Org: sh.Org, Number: 1, First: 1, Last: 1,
			State: post.Completed, Archiving: post.Archiving{State: post.Archived}}
		return s.Letters().Create(ctx, sh, []*post.Letter{l})
	})
}

// logged measures pages of the log and searches in it.
func logged(ctx context.Context, s *store.Store, times int) error {
	r := &archive.Reader{Shipments: s.Shipments(), Letters: s.Letters(), Cases: s, Titles: s, Lists: s.Letters(),
		Failures: s.Failures(), Names: &workflow.Names{Outlines: s}, Audit: s.AuditLog(time.Now), CaseKey: archiveKey}
	who := post.Caller{Org: "demo", Name: "bench", Grants: post.GrantsOf(post.Rights()...)}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "log of %d shipments\tmedian ms\tp95 ms\tfound\n", smallShipments+100)
	worst := 0.0
	line := func(what string, do func() (int, error)) error {
		found := 0
		took, err := repeated(times, func() (err error) {
			found, err = do()
			return err
		})
		if err == nil {
			worst = max(worst, ms(took, 0.95))
			fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%d\n", what, ms(took, 0.5), ms(took, 0.95), found)
		}
		return err
	}
	week := time.Now().AddDate(0, 0, -6)
	for what, f := range map[string]post.ShipmentFilter{
		"a page":                             {},
		"a page of a period":                 {Before: week},
		"a page of a type, one in a hundred": {DocumentType: "type-7"},
		"a page of what is over":             {State: post.LogDone},
	} {
		if err := line(what, func() (int, error) {
			all, _, err := s.Shipments().Filtered(ctx, "demo", who.Sight(), f, "", 20)
			return len(all), err
		}); err != nil {
			return err
		}
	}
	for _, text := range []string{"jensen", "mette jensen", "stenrøjel", "0101400000", "afgørelse 42", "nobody"} {
		if err := line(text, func() (int, error) {
			found, err := r.SearchLog(ctx, who, post.LogQuery{Text: text})
			if err != nil {
				return 0, err
			}
			return len(found.Letters) + len(found.Shipments), nil
		}); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	bars.Print(os.Stdout, "slowest page or search of the log (p95)", worst)
	return nil
}
