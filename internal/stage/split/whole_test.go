package split

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/splitter"
)

func cutOf(t *testing.T, w *writer, l *post.Letter, s splitter.Segment) []byte {
	t.Helper()
	content, err := w.cut(t.Context(), l, s)
	posttest.Check(t, err)
	return content
}

// TestUnreadPageIsCutWhole: with all its resources where they are its own, and not at all where others share them.
func TestUnreadPageIsCutWhole(t *testing.T) {
	broken := func(shared bool) []byte {
		f := pdftest.Pages(letterLines, letterLines, letterLines)
		resources := "/Resources<</Font<</F1 3 0 R>>/XObject<</X 10 0 R>>>>"
		if shared {
			resources = "/Resources 11 0 R"
			f.Replace(pdftest.Page, "/Resources<</Font<</F1 3 0 R>>>>", resources)
		}
		f.Replace(pdftest.Page+2, "/Resources<</Font<</F1 3 0 R>>>>", resources)
		f.Set(pdftest.Page+3, pdftest.Stream("", pdftest.Content("En side")+"/X Do /Missing Do"))
		f.Add(
			"%s",
			pdftest.Stream(
				"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
				"x",
			),
		)
		f.Add("%s", "<</Font<</F1 3 0 R>>/XObject<</X 10 0 R>>>>")
		return f.Bytes()
	}
	for _, shared := range []bool{false, true} {
		plan, err := splitter.Make(context.Background(), broken(shared), splitter.Options{})
		if plan == nil || plan.Outline().Pages[1].Unreadable == "" {
			t.Fatalf("shared %v: %v", shared, err)
		}
		c := plan.Cutter()
		content := c.Cut(splitter.Segment{First: 2, Last: 2})
		if c.Lost() != shared {
			t.Errorf("shared %v: it is lost: %v", shared, c.Lost())
		}
		if !shared && (!bytes.Contains(content, []byte("/X ")) || !bytes.Contains(content, []byte("/F1 "))) {
			t.Error("the page is cut without its resources")
		}
		l := &post.Letter{ID: "x"}
		w := writer{
			h:      &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Now: time.Now, NewSecret: drawn},
			s:      &post.Shipment{},
			plan:   plan,
			cutter: c,
		}
		cutOf(t, &w, l, splitter.Segment{First: 2, Last: 2})
		if (l.Unfit != "") != shared || l.Unfit != "" && l.MayCorrect() {
			t.Errorf("shared %v: unfit %q", shared, l.Unfit)
		}
	}
}

// TestSignature: a signed file that is one letter goes out as it is; else its field is dropped. It is told in any case.
func TestSignature(t *testing.T) {
	signed := func(pages ...[]string) []byte {
		f := pdftest.Pages(pages...)
		last := pdftest.Page + 2*len(pages)
		f.Replace(
			pdftest.Catalog,
			"/Pages 2 0 R",
			fmt.Sprintf("/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[%d 0 R]>>", last),
		)
		f.Replace(pdftest.Page, "/Contents", fmt.Sprintf("/Annots[%d 0 R]/Contents", last))
		f.Add(
			"%s",
			"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 0 0]/V<</Type/Sig/Filter/Adobe.PPKLite/Contents<00>>>>>",
		)
		return f.Bytes()
	}
	other := append(
		append([]string{"Bo Lund", "Ågade 2"}, letterLines[2:3]...),
		"CPR-nr.: 020242-1234",
		"Kære Bo Lund,",
		"Side 1 af 1",
	)
	for name, c := range map[string]struct {
		data  []byte
		whole bool
	}{"one letter": {signed(letterLines), true}, "two": {signed(letterLines, other), false}} {
		plan, err := splitter.Make(context.Background(), c.data, splitter.Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		told := false
		for _, f := range plan.Findings {
			told = told || f.Code == splitter.FindingSignature
		}
		w := writer{
			h:      &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Now: time.Now, NewSecret: drawn},
			s:      &post.Shipment{},
			plan:   plan,
			cutter: plan.Cutter(),
		}
		content := cutOf(t, &w, &post.Letter{}, plan.Segments[0])
		if bytes.Equal(content, c.data) != c.whole || bytes.Contains(content, []byte("/Sig")) != c.whole || !told {
			t.Errorf(
				"%s: told %v, whole %v, with a signature %v",
				name,
				told,
				bytes.Equal(content, c.data),
				bytes.Contains(content, []byte("/Sig")),
			)
		}
		w.s.RemoveCPR = true
		if content = cutOf(t, &w, &post.Letter{}, plan.Segments[0]); bytes.Contains(content, []byte("/Sig")) {
			t.Errorf("%s: a signature stays that does not hold", name)
		}
	}
}

// TestRemovedFromHeldLetters: a letter that is held back has none of the numbers that may become its recipient's, so
// that it can be corrected; one that would still carry its recipient's number cannot.
func TestRemovedFromHeldLetters(t *testing.T) {
	lines := []string{
		"Anna Holm",
		"Ågade 1",
		"9999 Nordøby",
		"CPR-nr.: 010141-1234",
		"CPR-nr.: 020242-1234",
		"Kære Anna Holm,",
		"Beløbet overføres til din konto 0303431234, som du selv har oplyst til os i dit brev.",
		"Side 1 af 1",
	}
	plan, err := splitter.Make(context.Background(), pdftest.Write(nil, lines), splitter.Options{})
	if err != nil || plan.Segments[0].Problem != splitter.TwoRecipients {
		t.Fatal(err)
	}
	l := &post.Letter{ID: "x", State: post.Failed}
	w := writer{
		h:      &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Now: time.Now, NewSecret: drawn},
		s:      &post.Shipment{RemoveCPR: true},
		plan:   plan,
		cutter: plan.Cutter(),
	}
	content := cutOf(t, &w, l, plan.Segments[0])
	again, err := splitter.Make(context.Background(), content, splitter.Options{})
	left := slices.ContainsFunc(
		again.Findings,
		func(f splitter.Finding) bool { return f.Code == splitter.FindingMention },
	)
	if l.Unfit != "" || left || again.Segments[0].Problem != splitter.NoRecipientFound {
		t.Errorf("numbers are left: %v, %q, %v", again.Findings, l.Unfit, err)
	}
	for digits, carried := range map[string]bool{"0101411234": false, "0202421234": false, "0303431234": true,
		"0404441234": false} {
		if got := l.Carries(posttest.Number(t, digits)); got != carried {
			t.Errorf("it carries %s: %v", ident.Mask(digits), got)
		}
		c := *l
		err := c.Correct(
			keys.UUIDs([]byte("k")),
			posttest.Now,
			"eva",
			post.Correction{Recipient: posttest.Number(t, digits)},
		)
		if errors.Is(err, post.ErrUnchanged) != carried {
			t.Errorf("it is corrected to %s: %v", ident.Mask(digits), err)
		}
	}
}

// TestOutputIsBounded: letters that share something large do not fill a disk.
func TestOutputIsBounded(t *testing.T) {
	plan, err := splitter.Make(
		context.Background(),
		pdftest.Pages(letterLines, letterLines).Bytes(),
		splitter.Options{},
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Spend(1 << 20); err != nil {
		t.Errorf("a letter of 1 MB: %v", err)
	}
	_ = plan.Spend(5 << 30) // all that they may take
	w := &writer{
		h:      &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Now: time.Now, NewSecret: drawn},
		s:      &post.Shipment{ID: "x"},
		plan:   plan,
		cutter: plan.Cutter(),
	}
	var p *splitter.Problem
	if err := w.some(context.Background(), 0, 2); !errors.As(err, &p) || p.Text.Code() != "letters-too-large" {
		t.Errorf("letters of more than there is room for: %v", err)
	}
}
