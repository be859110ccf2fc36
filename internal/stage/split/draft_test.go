package split

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal/letters"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// inReview is a shipment in review, and who reviews it.
type inReview struct {
	*Handler
	t       *testing.T
	table   *storetest.Memory
	store   *store.Store
	objects *posttest.MemoryObjects
	queues  *posttest.MemoryQueues
	now     time.Time
	id      string
}

// newReview splits a document of so many letters of two pages, and waits for review.
func newReview(t *testing.T, letters int) *inReview {
	t.Helper()
	d := splitFor(t, letters, post.Simulator)
	if got := d.get(); got.State != post.InReview || !got.Drafted || got.Letters != letters {
		t.Fatalf("it is %s with %d letters, drafted %v: %+v", got.State, got.Letters, got.Drafted, got.Problem)
	}
	return d
}

// splitFor splits a document of so many letters for an environment of Digital Post.
func splitFor(t *testing.T, letters int, environment post.Environment) *inReview {
	t.Helper()
	var people []pdftest.Letter
	for i := range letters {
		people = append(people, person(i+1))
	}
	return splitOf(t, people, environment)
}

// drawn is the key of every letter's files.
func drawn() post.Secret { return "drawn" }

// splitOf splits a document of letters.
func splitOf(t *testing.T, people []pdftest.Letter, environment post.Environment) *inReview {
	t.Helper()
	ctx, table := context.Background(), storetest.NewMemory()
	d := &inReview{t: t, table: table, store: store.New(table), objects: &posttest.MemoryObjects{},
		queues: &posttest.MemoryQueues{}, now: posttest.Start, id: "aaaaaaaaaaaa"}
	s := d.store
	d.Handler = &Handler{
		NewLetters:  s.Letters(),
		Lists:       s.Letters(),
		Drafts:      s,
		Replan:      splitter.Replan,
		Cut:         splitter.CutOne,
		Uploads:     d.objects,
		Runner:      parallel.Goroutines{},
		Split:       splitter.Make,
		Shipments:   s.Shipments(),
		Letters:     s.Letters(),
		Files:       s,
		Outlines:    s,
		Versions:    s,
		Objects:     d.objects,
		Queues:      d.queues,
		Audit:       s.AuditLog(func() time.Time { return d.now }),
		Notices:     s.Notices(),
		Environment: environment,
		Timings:     post.DemoTimings,
		Now:         func() time.Time { return d.now },
		NewSecret:   drawn,
	}
	sh, _ := posttest.Shipment(t, d.id, 0)
	sh.State, sh.Review, sh.Version, sh.Letters = post.Uploading, true, 0, 0
	_, err := d.objects.Put(ctx, post.File{Key: sh.Parts[0].Key, Content: pdftest.Merge(pdftest.Options{}, people...)})
	posttest.Check(t, err)
	sh.Environment = environment
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	posttest.Check(t, d.Handle(ctx, []post.Job{{Object: sh.Parts[0].Key}})[0])
	return d
}

func (d *inReview) get() *post.Shipment {
	d.t.Helper()
	s, err := d.store.Shipments().GetAny(context.Background(), d.id)
	posttest.Check(d.t, err)
	return s
}

func (d *inReview) edit(e post.Edit) {
	d.t.Helper()
	e.By = "eva"
	posttest.Check(d.t, d.store.AddEdit(context.Background(), d.get(), e))
}

func (d *inReview) change(change func(*post.Shipment) error) *post.Shipment {
	d.t.Helper()
	s, err := d.store.Shipments().Change(context.Background(), "demo", d.id, change)
	posttest.Check(d.t, err)
	return s
}

// send freezes the draft, and has its letters written.
func (d *inReview) send(after time.Time) {
	d.t.Helper()
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, after) })
	d.fan()
}

func (d *inReview) fan() {
	d.t.Helper()
	posttest.Check(d.t, d.Handle(context.Background(), []post.Job{{Shipment: d.id}})[0])
}

// letters are what is written, as "pages:last two digits before the serial number".
func (d *inReview) letters() string {
	d.t.Helper()
	s := d.get()
	var all []string
	for part := range s.Partitions() {
		letters, err := d.store.Letters().Partition(context.Background(), s, part)
		posttest.Check(d.t, err)
		for _, l := range letters {
			recipient := "nobody"
			if !l.Recipient.IsZero() {
				recipient = l.Recipient.Reveal()[4:6]
			}
			all = append(all, fmt.Sprintf("%d-%d:%s", l.First, l.Last, recipient))
			if l.Round != s.Sends {
				d.t.Errorf("%s is of Send %d, and there were %d", l.ID, l.Round, s.Sends)
			}
		}
	}
	return strings.Join(all, " ")
}

// TestNothingIsWrittenBeforeSend: the review is the outline and the corrections; each costs one small item.
func TestNothingIsWrittenBeforeSend(t *testing.T) {
	d := newReview(t, 3)
	before := len(d.objects.All())
	d.edit(post.Edit{Do: post.EditMerge, Page: 3})
	d.edit(post.Edit{Do: post.EditUndo, Page: 1})
	d.edit(post.Edit{Do: post.EditRecipient, Page: 5, Recipient: posttest.Number(t, "0101491234")})
	r, err := d.Review(context.Background(), d.get())
	posttest.Check(t, err)
	var got []string
	for _, l := range r.Letters {
		got = append(got, fmt.Sprintf("%d-%d:%s", l.First, l.Last, l.Recipient.Reveal()[4:6]))
	}
	if want := "1-2:41 3-4:42 5-6:49"; strings.Join(got, " ") != want || r.Revision != 3 {
		t.Errorf("revision %d: %v, want %s", r.Revision, got, want)
	}
	if d.letters() != "" || len(d.objects.All()) != before || d.get().Counts != (post.Counts{}) {
		t.Errorf("written before Send: %s, %d files more", d.letters(), len(d.objects.All())-before)
	}
	d.send(time.Time{})
	if got := d.letters(); got != "1-2:41 3-4:42 5-6:49" || d.get().Counts.Queued != 3 {
		t.Errorf("written: %s, %+v", got, d.get().Counts)
	}
	if n := len(d.queues.Take(post.SendQueue)); n != 3 {
		t.Errorf("%d letters are queued", n)
	}
	for _, item := range d.table.Items() {
		if strings.HasPrefix(item.PK, "D#"+d.id) {
			t.Errorf("%s %s is left of the draft", item.PK, item.SK)
		}
	}
}

// TestWhoTypedTheRecipient: the history of a letter says who has typed its number, and of no other letter.
func TestWhoTypedTheRecipient(t *testing.T) {
	d := newReview(t, 3)
	d.edit(post.Edit{Do: post.EditRecipient, Page: 3, By: "eva", Recipient: posttest.Number(t, "0101491234")})
	d.edit(post.Edit{Do: post.EditRecipient, Page: 5, By: "bo", Recipient: posttest.Number(t, "0101491234")})
	d.edit(post.Edit{Do: post.EditUndo, Page: 2})
	d.send(time.Time{})
	all, err := d.store.Letters().Page(context.Background(), d.get(), 1, 3)
	posttest.Check(t, err)
	var typed []string
	for _, l := range all {
		for _, e := range l.History {
			if e.What == post.WasAddressed {
				typed = append(typed, fmt.Sprintf("%d %s", l.Number, e.Note))
			}
		}
	}
	if got := strings.Join(typed, ", "); got != "2 eva" {
		t.Errorf("typed: %s", got)
	}
}

// TestUndoRemovesBeforeTheNextSend: what an undone Send has written is gone before the next one writes its own, and
// letters that are the same have the same ids.
func TestUndoRemovesBeforeTheNextSend(t *testing.T) {
	d := newReview(t, 3)
	d.send(d.now.Add(time.Minute))
	if d.letters() != "1-2:41 3-4:42 5-6:43" || len(d.queues.Take(post.SendQueue)) > 0 {
		t.Fatalf("%s", d.letters())
	}
	first, err := d.store.Letters().Page(context.Background(), d.get(), 1, 9)
	posttest.Check(t, err)
	d.change(func(s *post.Shipment) error { return s.Undo() })
	d.fan() // a job of the undone Send
	if got := d.get(); got.State != post.InReview || len(d.queues.Take(post.SendQueue)) > 0 {
		t.Fatalf("an undone shipment is %s", got.State)
	}
	d.edit(post.Edit{Do: post.EditMerge, Page: 3})
	d.edit(post.Edit{Do: post.EditRecipient, Page: 1, Recipient: posttest.Number(t, "0101491234")})
	d.send(d.now.Add(time.Minute))
	if got := d.letters(); got != "1-4:49 5-6:43" || d.get().Counts.Created != 2 {
		t.Errorf("written: %s, %+v", got, d.get().Counts)
	}
	second, err := d.store.Letters().Page(context.Background(), d.get(), 1, 9)
	posttest.Check(t, err)
	if second[1].ID != first[2].ID || slices.Contains(post.IDs(first), second[0].ID) {
		t.Errorf("ids %v, then %v", post.IDs(first), post.IDs(second))
	}
	d.now = d.now.Add(time.Minute)
	d.fan()
	if n := len(d.queues.Take(post.SendQueue)); n != 2 || d.get().Waiting {
		t.Errorf("%d letters are queued at the end of the window", n)
	}
	if err := d.get().Undo(); !errors.Is(err, post.ErrTooLate) {
		t.Errorf("undone after its letters were queued: %v", err)
	}
}

// TestACorrectionIsInWhatIsSentOrTold: of a correction and a Send at the same moment one is told.
func TestACorrectionIsInWhatIsSentOrTold(t *testing.T) {
	ctx := context.Background()
	d := newReview(t, 2)
	seen := d.get()
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, time.Time{}) })
	if err := d.store.AddEdit(ctx, seen, post.Edit{Do: post.EditDrop, Page: 1}); !errors.Is(err, post.ErrOvertaken) {
		t.Errorf("a correction after Send: %v", err)
	}
	d = newReview(t, 2)
	tries := 0
	got := d.change(func(s *post.Shipment) error {
		if tries++; tries == 1 {
			d.edit(post.Edit{Do: post.EditDrop, Page: 1})
		}
		return s.StartSending("", d.now, time.Time{})
	})
	if tries != 2 || got.Frozen != 1 {
		t.Errorf("a Send froze %d corrections after %d tries", got.Frozen, tries)
	}
}

// TestFreezeIsTakenUp: a Send that died while its letters were written is ended by the sweep's job, also by two at
// once.
func TestFreezeIsTakenUp(t *testing.T) {
	d := newReview(t, 3)
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, time.Time{}) })
	plan, err := d.plan(context.Background(), d.get(), d.upload(), nil)
	posttest.Check(t, err)
	w := writer{h: d.Handler, s: d.get(), plan: plan, cutter: plan.Cutter(), said: letters.NewSaid(9)}
	posttest.Check(t, w.some(context.Background(), 1, 2)) // one letter is there
	d.fan()
	d.fan()
	if got := d.letters(); got != "1-2:41 3-4:42 5-6:43" || d.get().Counts.Total() != 3 {
		t.Errorf("%s, %+v", got, d.get().Counts)
	}
}

func (d *inReview) upload() []byte {
	d.t.Helper()
	data, done, err := d.objects.Open(context.Background(), d.get().Parts[0].Object)
	posttest.Check(d.t, err)
	defer done()
	return bytes.Clone(data)
}

// TestWhoeverStoodStillWritesNothing: a writer of an undone Send wakes up, and writes no letter into the next one.
func TestWhoeverStoodStillWritesNothing(t *testing.T) {
	ctx := context.Background()
	d := newReview(t, 2)
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, d.now.Add(time.Minute)) })
	plan, err := d.plan(ctx, d.get(), d.upload(), nil)
	posttest.Check(t, err)
	asleep := writer{h: d.Handler, s: d.get(), plan: plan, cutter: plan.Cutter(), said: letters.NewSaid(9)}
	d.change(func(s *post.Shipment) error { return s.Undo() })
	d.edit(post.Edit{Do: post.EditMerge, Page: 3})
	d.send(d.now.Add(time.Minute))
	if err := asleep.some(ctx, 0, 2); !errors.Is(err, post.ErrOvertaken) {
		t.Errorf("it wrote: %v", err)
	}
	if got := d.letters(); !strings.HasPrefix(got, "1-4:") || d.get().Counts.Total() != 1 {
		t.Errorf("%s, %+v", got, d.get().Counts)
	}
}

// TestAnotherOutcomeIsReviewedAnew: when the letters of a Send are not those that were reviewed, or not as they were
// looked at, nothing is sent.
func TestAnotherOutcomeIsReviewedAnew(t *testing.T) {
	for name, disturb := range map[string]func(d *inReview){
		"the splitter decides otherwise": func(d *inReview) {
			d.Split = func(ctx context.Context, data []byte, o splitter.Options) (*splitter.Plan, error) {
				o.Edits = append(o.Edits, splitter.Edit{Do: splitter.EditMerge, Page: 3})
				return splitter.Make(ctx, data, o)
			}
		},
		"a letter looks otherwise": func(d *inReview) {
			id := post.DraftLetterID(d.id, 1, 2, 0)
			posttest.Check(d.t, d.store.Remark(context.Background(), d.get(), post.Remark{Letter: id, Sum: "another"}))
		},
	} {
		d := newReview(t, 2)
		disturb(d)
		d.send(time.Time{})
		s := d.get()
		told := slices.ContainsFunc(s.Findings, func(f post.Finding) bool { return f.Code == post.FindingOtherOutcome })
		if s.State != post.InReview || !told || len(d.queues.Take(post.SendQueue)) > 0 {
			t.Errorf("%s: it is %s, told %v", name, s.State, told)
		}
	}
}

// TestPreviewIsCutOnce from the upload, and is what is sent.
func TestPreviewIsCutOnce(t *testing.T) {
	ctx := context.Background()
	d := newReview(t, 2)
	r, err := d.Review(ctx, d.get())
	posttest.Check(t, err)
	cuts := 0
	d.Cut = func(ctx context.Context, data []byte, s splitter.Segment, remove bool) (splitter.Letter, error) {
		cuts++
		return splitter.CutOne(ctx, data, s, remove)
	}
	var seen post.Object
	for range 3 {
		seen, err = d.Preview(ctx, d.get(), r.Letters[1])
		posttest.Check(t, err)
	}
	d.send(time.Time{})
	letters, err := d.store.Letters().Page(ctx, d.get(), 2, 1)
	posttest.Check(t, err)
	if cuts != 1 || len(letters) != 1 || letters[0].Document.SHA256 != seen.SHA256 {
		t.Errorf("it was cut %d times, and %v was sent", cuts, letters)
	}
}

// meanwhile looks at the shipment whenever letters of it are written.
type meanwhile struct {
	post.NewLetters
	look func()
}

func (m meanwhile) Create(ctx context.Context, s *post.Shipment, letters []*post.Letter) error {
	m.look()
	return m.NewLetters.Create(ctx, s, letters)
}

// TestLettersAreWrittenByOne: while the letters of a Send are written the sweep finds nothing that stands still, so
// that nobody writes them a second time beside it.
func TestLettersAreWrittenByOne(t *testing.T) {
	d := newReview(t, 3)
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, time.Time{}) })
	looked := 0
	d.NewLetters = meanwhile{d.NewLetters, func() {
		looked++
		due, err := d.store.Shipments().Due(context.Background(), d.now.Add(d.Timings.CheckAfter-time.Second), 10)
		if posttest.Check(d.t, err); len(due) != 0 {
			t.Errorf("%s is due at %s", due[0].ID, due[0].Due)
		}
	}}
	d.fan()
	if looked == 0 || d.letters() != "1-2:41 3-4:42 5-6:43" {
		t.Errorf("%d writes, %s", looked, d.letters())
	}
}
