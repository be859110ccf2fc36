package upload

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/texts"
)

type links struct{ post.Links }

func (links) Upload(context.Context, post.UploadPolicy) (post.Link, error) { return post.Link{}, nil }

func orderingCommands(t *testing.T) *Commands {
	t.Helper()
	s := store.New(storetest.NewMemory())
	posttest.Check(
		t,
		s.CreateOrganization(context.Background(), &post.Organization{ID: "demo", Name: "K", MeMo: post.MeMo12,
			Senders: []post.Sender{{Number: posttest.Number(t, "99060816"), Name: "K"}}}),
	)
	n := 0
	return &Commands{
		Shipments:     s.Shipments(),
		Letters:       s.Letters(),
		Organizations: s,
		Days:          s,
		Users:         s,
		Files:         s,
		Profiles:      s,
		Drafts:        s,
		Lists:         s.Letters(),
		Links:         links{},
		Queues:        &posttest.MemoryQueues{},
		Audit:         s.AuditLog(time.Now),
		Environment:   post.Simulator,
		Limit:         500 << 20,
		Timings:       post.DemoTimings,
		Now:           func() time.Time { return posttest.Start },
		NewID:         func() string { n++; return fmt.Sprintf("aaaaaaaaaa%02d", n) },
	}
}

func order(change func(*post.Order)) post.Order {
	o := post.Order{Subject: "Møde", Document: post.FileOrder{Name: "brev.pdf"}}
	change(&o)
	return o
}

// TestToldBeforeTheUpload: what can be known of an order is told before anything is uploaded, and names its place.
func TestToldBeforeTheUpload(t *testing.T) {
	attach := func(files ...post.FileOrder) func(*post.Order) { return func(o *post.Order) { o.Attachments = files } }
	for name, c := range map[string]struct {
		change func(*post.Order)
		field  string // "" for nothing wrong
		text   string
	}{
		"all right": {func(*post.Order) {}, "", ""},
		"two attachments": {attach(post.FileOrder{Name: "a.pdf", Size: 36e6},
			post.FileOrder{Name: "b.pdf", Size: 36e6}), "", ""},
		"a subject turned round": {func(o *post.Order) { o.Subject = "Faktura \u202efdp.exe" }, "subject",
			"Emnet har et usynligt tegn (U+202E"},
		"a subject of nothing": {func(o *post.Order) { o.Subject = "\u200b\u2060" }, "subject", "Emnet mangler"},
		"a subject in Latin-1": {func(o *post.Order) { o.Subject = "M\xf8de" }, "subject", "UTF-8"},
		"a number in pairs":    {func(o *post.Order) { o.Subject = "Om 01 01 90-1234" }, "subject", "CPR-nummer"},
		"a hidden document name": {func(o *post.Order) { o.Document.Name = "a\u200b.pdf" }, "document",
			"Filnavnet har et usynligt tegn"},
		"a hidden list of names": {func(o *post.Order) { o.Names.Name = "navne\u2066.csv" }, "names",
			"Navnelistens filnavn har et usynligt tegn"},
		"a hidden attachment": {attach(post.FileOrder{Name: "a\u00ad.pdf"}), "attachments",
			"Bilag 1: Filnavnet har et usynligt tegn"},
		"two of one name": {attach(post.FileOrder{Name: "Bilag Æ.pdf"}, post.FileOrder{Name: "bilag æ.PDF"}),
			"attachments", "Bilag 2: Der er allerede en fil"},
		"the letter's own name": {attach(post.FileOrder{Name: "brev.PDF"}), "attachments",
			"Bilag 1: Der er allerede en fil"},
		"too much as encoded": {attach(post.FileOrder{Name: "a.pdf", Size: 40e6},
			post.FileOrder{Name: "b.pdf", Size: 36e6}), "attachments", "101,3 MB"},
		"too much with the document": {func(o *post.Order) {
			o.Recipients, o.Document.Size = []string{"010190-1234"}, 40e6
			o.Attachments = []post.FileOrder{{Name: "a.pdf", Size: 40e6}}
		}, "attachments", "Dokumentet og bilagene fylder 106,7 MB"},
		"less than nothing": {attach(post.FileOrder{Name: "a.pdf", Size: 80e6},
			post.FileOrder{Name: "b.pdf", Size: -80e6}), "attachments", "106,7 MB"},
	} {
		_, _, err := orderingCommands(
			t,
		).Create(context.Background(), posttest.Person("demo", "eva"), order(c.change))
		var wrong post.Mistakes
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.field != "" && (!errors.As(err, &wrong) || wrong[0].Field != c.field ||
			!strings.Contains(texts.Of(wrong[0].Text), c.text)):
			t.Errorf("%s: %+v, want %s %q", name, err, c.field, c.text)
		}
	}
}
