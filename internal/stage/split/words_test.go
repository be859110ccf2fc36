package split

import (
	"context"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal/letters"
)

// words are what is kept of what the letters of a shipment say.
func (d *inReview) words() letters.Words {
	d.t.Helper()
	file, _ := d.get().WordsOf(0)
	content, done, err := d.objects.Open(context.Background(), file)
	posttest.Check(d.t, err)
	defer done()
	words, err := letters.ReadWords(content)
	posttest.Check(d.t, err)
	return words
}

// TestWordsAreKept: what each letter says is kept, sealed by the key that it has, also where the Send died after some
// of them were written; and nothing of a Send that was undone.
func TestWordsAreKept(t *testing.T) {
	ctx := context.Background()
	d, drawn := newReview(t, 3), 0
	d.NewSecret = func() post.Secret {
		drawn++
		return post.Secret(fmt.Sprint("drawn ", drawn))
	}
	d.change(func(s *post.Shipment) error {
		s.Secret = d.NewSecret()
		return s.StartSending("", d.now, d.now.Add(time.Minute))
	})
	plan, err := d.plan(ctx, d.get(), d.upload(), nil)
	posttest.Check(t, err)
	w := writer{h: d.Handler, s: d.get(), plan: plan, cutter: plan.Cutter(), said: letters.NewSaid(9)}
	posttest.Check(t, w.some(ctx, 1, 2)) // one letter is there
	d.fan()
	words := d.words()
	written, err := d.store.Letters().Page(ctx, d.get(), 1, 10)
	posttest.Check(t, err)
	for i, l := range written {
		for name, want := range map[string]bool{"møllevej": true, "nordøby": true, "vinter": false, "0101": false,
			"1234": false,
			[]string{"holm", "lund", "ærø"}[(i+1)%3]: true, []string{"holm", "lund", "ærø"}[i%3]: false} {
			if has, err := words.Has(l, []string{name}); err != nil || has != want {
				t.Errorf("letter %d says %s: %v, %v", i+1, name, has, err)
			}
		}
	}
	if s := d.get(); s.Secret != "" || written[0].Secret == written[1].Secret || drawn != 1 {
		t.Errorf("what the keys are made of is there still, was drawn %d times, or two letters have one key", drawn)
	}
	first, _ := d.get().WordsOf(0)
	d.change(func(s *post.Shipment) error { return s.Undo() })
	d.edit(post.Edit{Do: post.EditMerge, Page: 3})
	d.send(d.now.Add(time.Minute))
	if now, found := d.get().WordsOf(0); !found || now.Key == first.Key {
		t.Errorf("the words of both Sends lie in %s", now.Key)
	}
	if has, err := d.objects.Has(ctx, first.Key); err != nil || has {
		t.Errorf("the words of what was undone lie there: %v, %v", has, err)
	}
}
