package split

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/parallel"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// reader stands in for a machine that reads pictures.
type reader struct {
	text string
	err  error
}

func (r reader) Recognize(context.Context, []byte) (string, error) { return r.text, r.err }

// scanned returns a document of a letter and a page that is a picture.
func scanned(t *testing.T) *pdftest.File {
	f := pdftest.Pages(letterLines, []string{"x"})
	picture := f.Add(
		"%s",
		pdftest.Stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"),
	)
	if picture != 8 {
		t.Fatal(picture)
	}
	f.Replace(pdftest.Page+2, "/Font<</F1 3 0 R>>", "/XObject<</X 8 0 R>>")
	f.Set(pdftest.Page+3, pdftest.Stream("", "q 595 0 0 842 0 0 cm /X Do Q"))
	return f
}

// TestGuessesAreNeverUsedByThemselves: a scanned page is held back whatever a machine reads on it; what it reads is
// noted when it is one number in a heading.
func TestGuessesAreNeverUsedByThemselves(t *testing.T) {
	f := scanned(t)
	for name, c := range map[string]struct {
		reader reader
		guess  string
	}{
		"a number": {reader{text: "Navn Navnesen\nMøllevej 1\n\nCPR-nr.: 020242-1234\nKære Navn"},
			"0202421234"},
		"two":               {reader{text: "CPR-nr.: 020242-1234\nCPR-nr.: 030343-1234\n"}, ""},
		"a mention":         {reader{text: "Kære Navn Navnesen,\nbarnet har CPR-nr. 020242-1234\n"}, ""},
		"nothing":           {reader{}, ""},
		"it cannot be read": {reader{err: errors.New("no ink")}, ""},
	} {
		plan, err := splitter.Make(context.Background(), f.Bytes(), splitter.Options{Pictures: true})
		if err != nil || len(plan.Segments) != 2 || plan.Segments[1].Problem != splitter.UnreadablePage ||
			!plan.Review {
			t.Fatal(name, plan, err)
		}
		h := &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Recognizer: c.reader}
		if err := h.recognize(context.Background(), &post.Shipment{}, plan, h.progressOf(nil)); err != nil {
			t.Fatal(name, err)
		}
		if got := plan.Outline().Pages[1].Guess; got != c.guess || !plan.Segments[1].Recipient.IsZero() {
			t.Errorf("%s: guessed %q, want %q; goes to %s", name, got, c.guess, plan.Segments[1].Recipient)
		}
	}
}

// TestGuessesOutliveASplitThatBrokeDown: what was guessed before stands again, whichever split it is now.
func TestGuessesOutliveASplitThatBrokeDown(t *testing.T) {
	ctx, outlines := context.Background(), store.New(storetest.NewMemory())
	plan, err := splitter.Make(ctx, scanned(t).Bytes(), splitter.Options{Pictures: true})
	posttest.Check(t, err)
	plan.Guess(2, "0202421234")
	h := &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Outlines: outlines, Recognizer: reader{}}
	s := &post.Shipment{ID: "aaaaaaaaaaaa", Version: 1}
	s.Outline, err = h.keepOutline(ctx, s, plan)
	posttest.Check(t, err)
	s.Version = 3 // corrected, and split anew after that broke down
	again, err := splitter.Make(ctx, scanned(t).Bytes(), splitter.Options{Pictures: true})
	posttest.Check(t, err)
	posttest.Check(t, h.recognize(ctx, s, again, h.progressOf(s)))
	if got := again.Outline().Pages[1].Guess; got != "0202421234" {
		t.Errorf("guessed %q", got)
	}
}
