package splitter

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"brevdue/internal/ident"
)

// corpus is where the mail-merged letters of real producers lie beside the project.
const corpus = "../../../shared/corpus"

type manifest struct {
	Files []struct {
		File                          string
		Rule                          Rule
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

// small is a part of the corpus that is here in every checkout: letters of six producers, encrypted and opaque ones
// too.
const small = "testdata/corpus"

// TestCorpus: the letters of real producers are cut as their makers have written down.
func TestCorpus(t *testing.T) {
	manifests := []string{filepath.Join(small, "manifest.json")}
	if _, err := os.Stat(corpus); err == nil {
		manifests = append(manifests,
			filepath.Join(corpus, "manifest.json"), filepath.Join(corpus, "manifest-10000.json"))
	} else {
		t.Log("the whole corpus is not beside this checkout; a part of it is tested")
	}
	for _, name := range manifests {
		var m manifest
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Files) == 0 {
			t.Errorf("%s has no files", name)
		}
		for _, f := range m.Files {
			t.Run(f.File, func(t *testing.T) {
				if testing.Short() && f.Pages > 1000 {
					t.Skip("long")
				}
				data, err := os.ReadFile(filepath.Join(filepath.Dir(name), f.File))
				if err != nil {
					t.Fatal(err)
				}
				plan, err := Make(context.Background(), data, Options{Rule: f.Rule})
				if f.Unreadable != "" {
					var p *Problem
					if !errors.As(err, &p) || p.Code != UnreadableDocument {
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
				if len(plan.Segments) != len(f.Letters) {
					t.Errorf("%d letters, want %d", len(plan.Segments), len(f.Letters))
				}
				mentions := map[int]string{}
				for _, finding := range plan.Findings {
					if finding.Code == FindingMention {
						mentions[finding.Pages[0]] = string(finding.Text)
					}
				}
				for i := range min(len(plan.Segments), len(f.Letters)) {
					got, want := plan.Segments[i], f.Letters[i]
					if got.First != want.First || got.Last != want.Last || got.Recipient.Reveal() != want.Recipient {
						t.Fatalf(
							"letter %d: pages %d-%d to %s (%s), want %d-%d to %s",
							i+1,
							got.First,
							got.Last,
							got.Recipient,
							got.Problem,
							want.First,
							want.Last,
							ident.Mask(want.Recipient),
						)
					}
				}
			})
		}
	}
}
