package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal/letters"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

var key = []byte("key")

// desk has a shipment of two letters with an attachment, and the stage that files them.
type desk struct {
	*Handler
	t       *testing.T
	store   *store.Store
	objects *posttest.MemoryObjects
	letters []post.LetterID
	reader  *Reader
	who     post.Caller
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	ctx := context.Background()
	s, stored := store.New(storetest.NewMemory()), &posttest.MemoryObjects{}
	objects := letters.Objects{Stored: stored}
	d := &desk{t: t, store: s, objects: stored, who: posttest.Person("demo", "eva"), Handler: &Handler{
		Runner: parallel.Goroutines{}, Shipments: s.Shipments(), Letters: s.Letters(), Objects: objects, Cases: s,
		Titles: s, Names: &workflow.Names{Outlines: s}, CaseKey: key, UUIDKey: key, Timings: post.DemoTimings,
		Now: func() time.Time { return posttest.Start }, Jitter: func() float64 { return 1 },
	}}
	d.reader = &Reader{Shipments: s.Shipments(), Letters: s.Letters(), Objects: objects, Cases: s, Titles: s,
		Lists: s.Letters(), Audit: s.AuditLog(d.Now), CaseKey: key}
	d.who.Grants = post.GrantsOf(post.Rights()...)
	shipment, made := posttest.Shipment(t, "aaaaaaaaaaaa", 2)
	files, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF 1"), Secret: "key 1"},
		post.File{Key: "letters/2.pdf", Content: []byte("%PDF 2"), Secret: "key 2"},
		post.File{Key: "uploads/bilag", Content: []byte("%PDF bilag")})
	posttest.Check(t, err)
	shipment.Parts = append(shipment.Parts[:1], post.Part{Name: "bilag.pdf", Type: "application/pdf", Object: files[2]})
	shipment.Outline, err = s.PutOutline(ctx, shipment, &post.Outline{Letters: []post.OutlineLetter{
		{Name: "Anton Lykkegaard"}, {Name: "Bodil Åse Lykkegaard"}}})
	posttest.Check(t, err)
	for i, l := range made {
		l.Document, l.Number, l.Secret = files[i], i+1, files[i].Secret
		d.letters = append(d.letters, l.ID)
	}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, made))
	return d
}

// file does the job of a letter, and returns it.
func (d *desk) file(i int) *post.Letter {
	d.t.Helper()
	posttest.Check(d.t, errors.Join(d.Handle(context.Background(), []post.Job{{Letter: d.letters[i]}})...))
	l, err := d.store.Letters().GetAny(context.Background(), d.letters[i])
	posttest.Check(d.t, err)
	return l
}

func (d *desk) change(i int, change func(*post.Letter) error) {
	d.t.Helper()
	_, err := d.store.Letters().ChangeAny(context.Background(), d.letters[i:i+1], change)
	posttest.Check(d.t, err)
}

// search returns the titles of what is found.
func (d *desk) search(text string) (titles []string, documents []post.ArchivedDocument) {
	d.t.Helper()
	found, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Text: text})
	posttest.Check(d.t, err)
	for _, c := range found.Cases {
		for _, l := range c.Letters {
			titles, documents = append(titles, l.Name+": "+l.Title), append(documents, l.Documents...)
		}
	}
	slices.Sort(titles)
	return titles, documents
}

func queue(l *post.Letter) error { return l.Queue(posttest.Now) }

// TestE1FiledWhileItIsSent: nothing of a letter is filed before it is queued, whose undo window is over by then. From
// that write on it is filed with its attachment and the message that will leave, with or without an attempt; the record
// of its end says what became of it.
func TestE1FiledWhileItIsSent(t *testing.T) {
	d := newDesk(t)
	d.file(0)
	if titles, _ := d.search("lykkegaard"); len(titles) > 0 {
		t.Fatalf("filed before its sending had begun: %v", titles)
	}
	d.change(0, queue)
	if l := d.file(0); l.Archiving.State != "" || l.State != post.Queued {
		t.Fatalf("%s, %+v", l.State, l.Archiving)
	}
	titles, documents := d.search("anton lykke")
	if !slices.Equal(titles, []string{"Anton Lykkegaard: Emne"}) || len(documents) != 3 ||
		documents[1].Kind != post.AttachmentDocument || documents[1].Name != "bilag.pdf" {
		t.Fatalf("%v, %+v", titles, documents)
	}
	filed, err := d.store.Filed(context.Background(), d.place(0))
	posttest.Check(t, err)
	record := d.read(filed[0].Record)
	if record.Status != "Under afsendelse" || record.NoReceipt == "" || record.Message == "" {
		t.Errorf("%+v", record)
	}
	d.change(0, func(l *post.Letter) error {
		later := posttest.Start.Add(time.Hour)
		return l.Begin(keys.UUIDs(key), post.Clock{At: later}, later.Add(time.Hour))
	})
	l, err := d.store.Letters().GetAny(context.Background(), d.letters[0])
	posttest.Check(t, err)
	if !strings.Contains(record.Message, l.Current().UUID) {
		t.Error("the message that is filed is not the one that leaves")
	}
}

// place is where a letter is filed.
func (d *desk) place(i int) post.Filing {
	l, err := d.store.Letters().GetAny(context.Background(), d.letters[i])
	posttest.Check(d.t, err)
	return post.Filing{Org: "demo", Case: caseOf(key, &post.Shipment{}, l), Letter: l.ID}
}

func (d *desk) read(o post.Object) (r Record) {
	d.t.Helper()
	for i := range d.letters {
		if strings.Contains(o.Key, string(d.letters[i])) {
			o.Secret = post.Secret(fmt.Sprint("key ", i+1))
		}
	}
	content, done, err := letters.Objects{Stored: d.objects}.Open(context.Background(), o)
	posttest.Check(d.t, err)
	defer done()
	posttest.Check(d.t, json.Unmarshal(content, &r))
	return r
}

// TestE1NotSent: a letter that is cancelled after that write, or refused, is archived as not sent; one that failed
// before it, or was cancelled, is in no archive.
func TestE1NotSent(t *testing.T) {
	problem := post.Problem{Code: post.NotEnrolled}
	for name, c := range map[string]struct {
		change func(l *post.Letter) error
		state  post.ArchiveState
		title  string
	}{
		"cancelled": {func(l *post.Letter) error {
			return errors.Join(queue(l), l.Cancel(posttest.Start, "eva"))
		}, post.Archived, "IKKE AFSENDT: Emne"},
		"refused": {func(l *post.Letter) error {
			return errors.Join(queue(l), l.Fail(posttest.Now, problem))
		}, post.Archived, "IKKE AFSENDT: Emne"},
		"cancelled before": {func(l *post.Letter) error { return l.Cancel(posttest.Start, "eva") }, "", ""},
		"held back": {func(l *post.Letter) error {
			l.Problem = &problem
			return queue(l)
		}, post.Unfiled, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.change(1, c.change)
			l := d.file(1)
			if l.Archiving.State != c.state {
				t.Fatalf("%+v", l.Archiving)
			}
			titles, _ := d.search("bod")
			if c.title == "" {
				if len(titles) > 0 {
					t.Errorf("it lies in the archive: %v", titles)
				}
				return
			}
			record := d.read(l.Archiving.Record)
			if !slices.Equal(titles, []string{"Bodil Åse Lykkegaard: " + c.title}) || record.Title != c.title ||
				record.Status != "IKKE AFSENDT" {
				t.Errorf("%v, %q, %q", titles, record.Title, record.Status)
			}
		})
	}
}

// TestSearch: words of a name in any order, their beginnings, without marks; a number; and who may not read the
// archive, or not of that unit, finds nothing.
func TestSearch(t *testing.T) {
	d := newDesk(t)
	for i := range d.letters {
		d.change(i, queue)
		d.file(i)
	}
	for text, want := range map[string]int{"lykkegaard": 2, "LYKKEGÅRD anton": 1, "åse": 1, "aase bodil": 1, "bo": 0,
		"anton bodil": 0, "Carla": 0, "0101901000": 1, "010190-1000": 1, "2026-17": 0} {
		if titles, _ := d.search(text); len(titles) != want {
			t.Errorf("%q finds %v, want %d", text, titles, want)
		}
	}
	_, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Text: " – "})
	if !errors.As(err, new(post.Mistakes)) {
		t.Errorf("nothing is searched: %v", err)
	}
	d.who.Grants = post.GrantsOf(post.RightSeeAll)
	_, err = d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Text: "lykkegaard"})
	if !errors.As(err, new(*post.Forbidden)) {
		t.Errorf("without the right: %v", err)
	}
	d.who.Grants = post.Grants{{Right: post.RightArchive, Scope: post.Scope{Unit: "another"}}}
	if titles, _ := d.search("lykkegaard"); len(titles) > 0 {
		t.Errorf("another unit's: %v", titles)
	}
}

// TestE3OneCase: letters to one person lie in one case, filed at the same time or not, and however often.
func TestE3OneCase(t *testing.T) {
	d := newDesk(t)
	d.change(1, func(l *post.Letter) error {
		l.Recipient = posttest.Number(t, "0101901000")
		return queue(l)
	})
	d.change(0, queue)
	jobs := []post.Job{{Letter: d.letters[0]}, {Letter: d.letters[1]}, {Letter: d.letters[0]}}
	for range 2 {
		posttest.Check(t, errors.Join(d.Handle(context.Background(), jobs)...))
	}
	found, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Text: "010190-1000"})
	if err != nil || len(found.Cases) != 1 || len(found.Cases[0].Letters) != 2 {
		t.Errorf("%+v: %v", found, err)
	}
}

// TestCorrectedInAnotherCase: the case of whom a letter was first meant for says that it was not sent, and has nothing
// of what another one got.
func TestCorrectedInAnotherCase(t *testing.T) {
	d := newDesk(t)
	d.change(0, queue)
	d.file(0)
	d.change(0, func(l *post.Letter) error {
		return errors.Join(l.Fail(posttest.Now, post.Problem{Code: post.UnknownRecipient}),
			l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{
				Recipient: posttest.Number(t, "0505901234")}),
			l.Begin(keys.UUIDs(key), posttest.Now, posttest.Start.Add(time.Hour)))
	})
	d.file(0)
	for number, want := range map[string]string{"0101901000": "IKKE AFSENDT: Emne", "0505901234": "Emne"} {
		titles, documents := d.search(number)
		hasMessage := slices.ContainsFunc(documents, func(a post.ArchivedDocument) bool {
			return a.Kind == post.MessageDocument
		})
		if !slices.Equal(titles, []string{"Anton Lykkegaard: " + want}) || hasMessage != (want == "Emne") {
			t.Errorf("%v, with a message %v", titles, hasMessage)
		}
	}
}

// TestMoreThanIsShown: a case with more letters than a table gives together is read whole; a search shows the newest,
// and says that there are more.
func TestMoreThanIsShown(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t)
	s, letters := posttest.Shipment(t, "bbbbbbbbbbbb", lettersShown+50)
	s.Case = "2026-17"
	posttest.Check(t, d.store.Shipments().Create(ctx, s))
	posttest.Check(t, d.store.Letters().Create(ctx, &post.Shipment{}, letters))
	for i, l := range letters {
		posttest.Check(t, d.store.File(ctx, post.Filing{Org: "demo", Case: s.Case, Letter: l.ID, Name: "Anna Holm",
			At: posttest.Start.Add(time.Duration(i) * time.Minute), NameKeys: []string{keys.Name(key, "demo", "hol")},
			Documents: []post.FiledDocument{{Kind: post.LetterDocument, Name: "a.pdf"}}}))
	}
	found, err := d.reader.SearchArchive(ctx, d.who, post.ArchiveQuery{Text: "holm"})
	posttest.Check(t, err)
	shown := found.Cases[0].Letters
	if !found.More || len(shown) != lettersShown || shown[0].ID != letters[len(letters)-1].ID {
		t.Errorf("%d letters are shown, more %v, the first %s", len(shown), found.More, shown[0].ID)
	}
	c, err := d.reader.ArchivedCase(ctx, d.who, s.Case)
	if err != nil || len(c.Letters) != len(letters) || c.More {
		t.Errorf("the case has %d letters, more %v: %v", len(c.Letters), c.More, err)
	}
}

// TestVerify: what is not as it was stored is said, and is not given out.
func TestVerify(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t)
	for i := range d.letters {
		d.change(i, queue)
		d.file(i)
	}
	report, err := d.reader.VerifyArchive(ctx, d.who, "")
	if err != nil || report.Letters != 2 || report.Documents != 6 || len(report.Damaged) > 0 || report.Next != "" {
		t.Fatalf("%+v: %v", report, err)
	}
	_, documents := d.search("anton")
	posttest.Check(t, d.objects.Release(ctx, documents[0].Object.Key))
	report, err = d.reader.VerifyArchive(ctx, d.who, "")
	if err != nil || !slices.Equal(report.Damaged, []post.DocumentID{documents[0].ID}) {
		t.Errorf("%+v: %v", report, err)
	}
	if _, err := d.reader.ArchivedDocument(ctx, d.who, documents[0].ID); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("it is given out: %v", err)
	}
	if _, err := d.reader.ArchivedDocument(ctx, d.who, documents[1].ID); err != nil {
		t.Error(err)
	}
}

// TestE2: what is written to a guardian lies in the case of whom it is about, and is found under both; so does what
// goes into an archive outside.
func TestE2(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t)
	about := posttest.Number(t, "0808141234")
	_, err := d.store.Shipments().Change(ctx, "demo", d.letters[0].Shipment(), func(s *post.Shipment) error {
		s.Concerns = about
		return nil
	})
	posttest.Check(t, err)
	d.change(0, queue)
	d.change(1, queue)
	d.file(0)
	l := d.file(1)
	found, err := d.reader.SearchArchive(ctx, d.who, post.ArchiveQuery{Text: about.Reveal()})
	if err != nil || len(found.Cases) != 1 || len(found.Cases[0].Letters) != 2 ||
		found.Cases[0].Letters[0].Concerns != "080814-xxxx" {
		t.Errorf("%+v: %v", found, err)
	}
	own, err := d.reader.SearchArchive(ctx, d.who, post.ArchiveQuery{Text: l.Recipient.Reveal()})
	if err != nil || len(own.Cases) != 1 || own.Cases[0].Case != found.Cases[0].Case || len(own.Cases[0].Letters) != 1 {
		t.Errorf("%+v: %v", own, err)
	}
	s, err := d.store.Shipments().Get(ctx, "demo", l.ID.Shipment())
	posttest.Check(t, err)
	place := &transfer{Handler: d.Handler, letter: l, shipment: s, state: &post.Transfer{Person: personOf(key, l)},
		filed: &post.Filing{}}
	if w := place.wanted(); w.Person != about || place.caseKey() != found.Cases[0].Case {
		t.Errorf("outside it is put into the case %+v, %s", w, place.caseKey())
	}
}
