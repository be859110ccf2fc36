package split

import (
	"context"
	"strings"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/texts"
)

// keeper remembers until when files are locked.
type keeper struct {
	*posttest.MemoryObjects
	disposals map[string]time.Time
}

func (k *keeper) Copy(ctx context.Context, from post.Object, key string, disposal time.Time) (post.Object, error) {
	k.disposals[key] = disposal
	return k.MemoryObjects.Copy(ctx, from, key, disposal)
}

// upload hands in a document with attachments for typed recipients, and splits it.
func upload(t *testing.T, files ...post.File) (*post.Shipment, *keeper, *posttest.MemoryQueues) {
	t.Helper()
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	objects, queues := &keeper{&posttest.MemoryObjects{}, map[string]time.Time{}}, &posttest.MemoryQueues{}
	h := &Handler{NewLetters: s.Letters(), Lists: s.Letters(), Drafts: s, Replan: splitter.Replan,
		Cut: splitter.CutOne, Uploads: objects, Runner: parallel.Goroutines{}, Split: splitter.Make,
		Shipments:   s.Shipments(),
		Letters:     s.Letters(),
		Files:       s,
		Outlines:    s,
		Objects:     objects,
		Queues:      queues,
		Audit:       s.AuditLog(time.Now),
		Environment: post.Simulator,
		Timings:     post.DemoTimings,
		Now:         func() time.Time { return posttest.Start },
		Retention:   365 * 24 * time.Hour,
		NewSecret:   drawn,
	}
	shipment, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 0)
	shipment.State, shipment.Review, shipment.Parts, shipment.Version, shipment.Letters = post.Uploading, true, nil,
		0, 0
	shipment.TypedRecipients = append(shipment.TypedRecipients, posttest.Number(t, "0101901234"))
	var jobs []post.Job
	for _, f := range files {
		key := "uploads/demo/aaaaaaaaaaaa/" + string(rune('0'+len(shipment.Parts)))
		shipment.Parts = append(
			shipment.Parts,
			post.Part{Name: f.Key, Type: "application/pdf", Key: key, Limit: 1 << 30},
		)
		_, err := objects.Put(ctx, post.File{Key: key, Content: f.Content})
		posttest.Check(t, err)
		jobs = append(jobs, post.Job{Org: "demo", Object: key})
	}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	for _, err := range h.Handle(ctx, jobs) {
		posttest.Check(t, err)
	}
	now, err := s.Shipments().GetAny(ctx, shipment.ID)
	posttest.Check(t, err)
	return now, objects, queues
}

// TestUnfitAttachmentsStopBeforeSend: each is named with its reason, nothing is queued, and there is nothing to send.
func TestUnfitAttachmentsStopBeforeSend(t *testing.T) {
	letter := post.File{Key: "brev.pdf", Content: pdftest.Write(nil, []string{"Kære alle"})}
	s, _, queues := upload(
		t,
		letter,
		post.File{Key: "regning.docx", Content: []byte("MZ\x90\x00")},
		letter,
		post.File{Key: "side.pdf", Content: []byte("<html>")},
	)
	if s.State != post.SplitRefused || s.Problem == nil || s.Problem.Code != post.UnfitAttachment {
		t.Fatalf("%s, %+v", s.State, s.Problem)
	}
	for _, text := range []string{"»regning.docx« er et program", "»side.pdf« er en webside", "Intet er sendt."} {
		if !strings.Contains(texts.Of(s.Problem.Text), text) {
			t.Errorf("%q does not say %q", texts.Of(s.Problem.Text), text)
		}
	}
	if strings.Contains(texts.Of(s.Problem.Text), "brev.pdf") {
		t.Errorf("%q blames one that is all right", texts.Of(s.Problem.Text))
	}
	if dead := queues.Take(post.SplitQueue.Dead()); len(dead) != 1 || dead[0].Code != post.UnfitAttachment {
		t.Errorf("told: %+v", dead)
	}
}

// TestTooLargeTogether: document and attachments are each small enough, and too much as they are sent together.
func TestTooLargeTogether(t *testing.T) {
	s := &post.Shipment{Parts: []post.Part{{Object: post.Object{Size: 40e6}}, {Object: post.Object{Size: 40e6}}}}
	if text := tooLarge(s); text != "" {
		t.Errorf("where each gets some pages: %q", text)
	}
	s.TypedRecipients = append(s.TypedRecipients, posttest.Number(t, "0101901234"))
	if text := tooLarge(s); !strings.HasPrefix(texts.Of(text), "Dokumentet og bilagene fylder 106,7 MB") {
		t.Errorf("where each gets all: %q", text)
	}
	s.Parts[0].Object.Size, s.TypedRecipients = 1, nil
	s.Parts[1].Object.Size = 75e6
	s.Parts[1].Key, s.Parts[1].Object.Key = "uploads/1", "letters/1" // it was looked at before
	if p, err := (&Handler{}).unfit(context.Background(), s); err != nil || p == nil ||
		!strings.HasPrefix(texts.Of(p.Text), "Bilagene fylder 100,0 MB") {
		t.Errorf("attachments alone: %+v, %v", p, err)
	}
}

// TestAttachmentsAreLocked as what is archived is; uploads and the letters' own files are not.
func TestAttachmentsAreLocked(t *testing.T) {
	letter := post.File{Key: "brev.pdf", Content: pdftest.Write(nil, []string{"Kære alle"})}
	s, objects, _ := upload(t, letter, letter, letter)
	if s.State != post.InReview || len(s.Parts) != 3 {
		t.Fatalf("%s, %+v", s.State, s.Problem)
	}
	for _, p := range s.Parts[1:] {
		if got := objects.disposals[p.Object.Key]; !got.Equal(posttest.Start.Add(365 * 24 * time.Hour)) {
			t.Errorf("%s may be disposed of from %v", p.Object.Key, got)
		}
	}
	if got := objects.disposals["letters/aaaaaaaaaaaa/document.pdf"]; !got.IsZero() {
		t.Errorf("the document itself is locked until %v", got)
	}
}
