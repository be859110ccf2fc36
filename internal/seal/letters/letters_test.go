package letters

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

func over(t *testing.T) (Objects, *posttest.MemoryObjects) {
	t.Helper()
	stored := &posttest.MemoryObjects{}
	return Objects{stored}, stored
}

func put(t *testing.T, o post.Objects, f post.File) post.Object {
	t.Helper()
	objects, err := o.Put(context.Background(), f)
	posttest.Check(t, err)
	return objects[0]
}

// TestObjects: whoever stores what is no letter's own sees no difference.
func TestObjects(t *testing.T) {
	posttest.Objects(t, func(t *testing.T) posttest.StoredObjects {
		o, _ := over(t)
		return o
	})
}

// TestE9: what is a letter's own is opened by its key alone, also where it was copied to; without the key by nobody.
func TestE9(t *testing.T) {
	ctx := context.Background()
	o, stored := over(t)
	f := post.File{Org: "demo", Key: "letters/a/1.pdf", Content: []byte("Kære Anna Lykkegaard"),
		Secret: "sixteen bytes 00"}
	was := put(t, o, f)
	if again := put(t, o, f); again != was {
		t.Errorf("the same again is %+v, was %+v", again, was)
	}
	copied, err := o.Copy(ctx, was, "archive/demo/m-1/a.pdf", posttest.Start.Add(time.Hour))
	posttest.Check(t, err)
	for _, lies := range stored.All() {
		if bytes.Contains(lies.Content, []byte("Anna")) {
			t.Errorf("%s lies open", lies.Key)
		}
	}
	for _, object := range []post.Object{was, copied} {
		content, done, err := o.Open(ctx, object)
		posttest.Check(t, err)
		if done(); !bytes.Equal(content, f.Content) {
			t.Errorf("%s says %q", object.Key, content)
		}
		text, err := json.Marshal(object)
		posttest.Check(t, err)
		var read post.Object
		posttest.Check(t, json.Unmarshal(text, &read))
		if _, _, err := o.Open(ctx, read); !errors.Is(err, ErrNoKey) || !errors.Is(err, post.ErrNotFound) {
			t.Errorf("without its key %s gives %v", object.Key, err)
		}
		read.Secret = "sixteen bytes 01"
		if _, _, err := o.Open(ctx, read); !errors.Is(err, post.ErrDamaged) {
			t.Errorf("with another's key %s gives %v", object.Key, err)
		}
		if shown := fmt.Sprintf("%v %+v %#v", object, object, object); strings.Contains(shown, "sixteen") {
			t.Errorf("the key is shown: %s", shown)
		}
	}
}

// TestAnotherFileOfTheSameLetter: a file that takes another's place, or is changed, is damaged.
func TestAnotherFileOfTheSameLetter(t *testing.T) {
	ctx := context.Background()
	o, stored := over(t)
	a := put(t, o, post.File{Key: "letters/a/1.pdf", Content: []byte("brev et"), Secret: "s"})
	b := put(t, o, post.File{Key: "letters/a/2.pdf", Content: []byte("brev to"), Secret: "s"})
	swapped := a
	swapped.Key, swapped.Version = b.Key, b.Version
	if _, _, err := o.Open(ctx, swapped); !errors.Is(err, post.ErrDamaged) {
		t.Errorf("another file in its place: %v", err)
	}
	for _, content := range [][]byte{nil, {form}, bytes.Repeat([]byte{form}, overhead+7)} {
		bad := put(t, stored, post.File{Key: "letters/a/3.pdf", Content: content})
		bad.Sealed, bad.Secret, bad.SHA256, bad.Size = true, "s", a.SHA256, int64(len(content)-overhead)
		if _, _, err := o.Open(ctx, bad); !errors.Is(err, post.ErrDamaged) {
			t.Errorf("%d bytes that nobody has sealed: %v", len(content), err)
		}
	}
}

// TestOpenedForADay: a link to what is sealed leads to an object among the previews, which are kept for a day.
func TestOpenedForADay(t *testing.T) {
	ctx := context.Background()
	o, stored := over(t)
	links := Links{Links: namedLinks{}, Objects: o, Now: func() time.Time { return posttest.Start }}
	sealed := put(t, o, post.File{Key: "letters/a/1.pdf", Content: []byte("%PDF brev"), Secret: "s"})
	for name, link := range map[string]func() (post.Link, error){
		"download": func() (post.Link, error) { return links.Download(ctx, "demo", sealed, "brev.pdf") },
		"preview":  func() (post.Link, error) { return links.Preview(ctx, "demo", sealed) },
	} {
		l, err := link()
		posttest.Check(t, err)
		if !strings.HasPrefix(l.URL, "previews/opened/demo/") || !strings.HasSuffix(l.URL, ".pdf") {
			t.Errorf("%s leads to %s", name, l.URL)
		}
		given, err := stored.First(ctx, l.URL)
		posttest.Check(t, err)
		content, _, err := stored.Open(ctx, given)
		posttest.Check(t, err)
		if string(content) != "%PDF brev" {
			t.Errorf("%s gives %q", name, content)
		}
	}
	open := put(t, o, post.File{Key: "uploads/demo/a/0", Content: []byte("%PDF")})
	if l, err := links.Preview(ctx, "demo", open); err != nil || l.URL != open.Key {
		t.Errorf("what is not sealed is given from %s: %v", l.URL, err)
	}
	sealed.Secret = ""
	if _, err := links.Preview(ctx, "demo", sealed); !errors.Is(err, ErrNoKey) {
		t.Errorf("without its key: %v", err)
	}
}

// namedLinks lead to the key of what they give.
type namedLinks struct{}

func (namedLinks) Upload(context.Context, post.UploadPolicy) (post.Link, error) {
	return post.Link{}, nil
}

func (namedLinks) Download(_ context.Context, _ string, o post.Object, _ string) (post.Link, error) {
	return post.Link{URL: o.Key}, nil
}

func (namedLinks) Preview(_ context.Context, _ string, o post.Object) (post.Link, error) {
	return post.Link{URL: o.Key}, nil
}

// TestWordsThatAreDamaged: a file of words that is cut off, or changed anywhere, is told, or none of its letters has
// another's words.
func TestWordsThatAreDamaged(t *testing.T) {
	said := NewSaid(2)
	made := []*post.Letter{{ID: "aaaaaaaaaaaa.0.1.0.0", Number: 1, Secret: "s1"},
		{ID: "aaaaaaaaaaaa.0.2.0.0", Number: 2, Secret: "s2"}}
	for i, l := range made {
		posttest.Check(t, said.Add(l, []string{"brev", []string{"et", "to"}[i]}))
	}
	var file []byte
	posttest.Check(t, said.Each(func(_ int, is []byte) error {
		file = is
		return nil
	}))
	holds := func(file []byte) {
		words, err := ReadWords(file)
		if err != nil {
			if !errors.Is(err, post.ErrDamaged) {
				t.Errorf("%v", err)
			}
			return
		}
		for i, l := range made {
			has, err := words.Has(l, []string{[]string{"to", "et"}[i]})
			if has || err != nil && !errors.Is(err, post.ErrDamaged) {
				t.Errorf("letter %d has the other's words, or: %v", i+1, err)
			}
		}
	}
	for at := range file {
		holds(file[:at])
		changed := bytes.Clone(file)
		changed[at] ^= 0xff
		holds(changed)
	}
	words, err := ReadWords(file)
	posttest.Check(t, err)
	if has, err := words.Has(made[1], []string{"br", "to"}); err != nil || !has {
		t.Errorf("whole: %v, %v", has, err)
	}
}
