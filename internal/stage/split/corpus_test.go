package split

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// corpus is where the mail-merged letters of real producers lie beside the project.
const corpus = "../../../../shared/corpus"

type manifest struct {
	Files []struct {
		File                          string
		Rule                          post.Rule
		Pages                         int
		Unreadable, Encrypted, Review string
		SenderCVR                     string `json:"sender_cvr"`
		Letters                       []struct {
			First, Last int
			Recipient   string
			Mentions    map[string]string
		}
	}
}

func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout")
	}
	for _, name := range []string{"manifest.json", "manifest-10000.json"} {
		var m manifest
		b, err := os.ReadFile(filepath.Join(corpus, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		for _, f := range m.Files {
			t.Run(f.File, func(t *testing.T) {
				if testing.Short() && f.Pages > 1000 {
					t.Skip("long")
				}
				data, err := os.ReadFile(filepath.Join(corpus, f.File))
				if err != nil {
					t.Fatal(err)
				}
				plan, err := Make(context.Background(), data, Options{Rule: f.Rule})
				if f.Unreadable != "" {
					var p *post.Problem
					if !errors.As(err, &p) || p.Code != post.UnreadableDocument {
						t.Fatalf("got %v, want a refusal: %s%s", err, f.Unreadable, f.Encrypted)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if plan.Review != (f.Review != "") {
					t.Errorf("review %v, findings %v; want %q", plan.Review, plan.Findings, f.Review)
				}
				if len(plan.Pieces) != len(f.Letters) {
					t.Errorf("%d letters, want %d", len(plan.Pieces), len(f.Letters))
				}
				mentions := map[int]string{}
				for _, finding := range plan.Findings {
					if finding.Code == post.FindingMention {
						mentions[finding.Pages[0]] = finding.Text
					}
				}
				for i := range min(len(plan.Pieces), len(f.Letters)) {
					got, want := plan.Pieces[i], f.Letters[i]
					if got.First != want.First || got.Last != want.Last || got.Recipient.Reveal() != want.Recipient {
						t.Fatalf("letter %d: pages %d-%d to %s (%s), want %d-%d to %s", i+1, got.First, got.Last, got.Recipient, got.Problem, want.First, want.Last, ident.Mask(want.Recipient))
					}
				}
			})
		}
	}
}
