package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// filler gives every field of a value something of its own, so that one that is lost, or put into another's place, is
// seen.
type filler struct {
	t *testing.T
	n int
}

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.UnixMilli(int64(1e12 + f.n)).UTC()))
	case v.Type() == reflect.TypeFor[ident.Number]():
		n, err := ident.ParseCPR(fmt.Sprintf("010190%04d", 1000+f.n))
		if err != nil {
			f.t.Fatal(err)
		}
		v.Set(reflect.ValueOf(n))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("s", f.n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(int64(f.n))
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		v.SetBytes([]byte(fmt.Sprint("b", f.n)))
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				f.fill(v.Field(i))
			}
		}
	case v.Kind() != reflect.Interface: // a cause is of this process alone
		f.t.Fatalf("nobody fills in %s", v.Type())
	}
}

// lost returns the fields that differ, but for those that are not stored with the word.
func lost(path string, a, b reflect.Value, elsewhere map[string]bool) (fields []string) {
	switch {
	case elsewhere[path] || a.Kind() == reflect.Interface:
		return nil
	case a.Type() == reflect.TypeFor[time.Time](), a.Type() == reflect.TypeFor[ident.Number]():
	case a.Kind() == reflect.Pointer && !b.IsNil():
		return lost(path, a.Elem(), b.Elem(), elsewhere)
	case a.Kind() == reflect.Struct:
		for i := range a.NumField() {
			if a.Type() == reflect.TypeFor[post.Object]() && a.Type().Field(i).Name == "Secret" {
				continue // it lies with its letter, once (TestALettersFilesHaveItsKey)
			}
			if a.Type().Field(i).IsExported() {
				fields = append(fields, lost(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i), elsewhere)...)
			}
		}
		return fields
	case a.Kind() == reflect.Slice && a.Type().Elem().Kind() != reflect.Uint8 && a.Len() == b.Len():
		for i := range a.Len() {
			fields = append(fields, lost(fmt.Sprintf("%s[]", path), a.Index(i), b.Index(i), elsewhere)...)
		}
		return fields
	}
	if !reflect.DeepEqual(a.Interface(), b.Interface()) {
		fields = append(fields, path)
	}
	return fields
}

// TestALettersFilesHaveItsKey: the key lies in a letter's item once, and opens the letter's own files alone.
func TestALettersFilesHaveItsKey(t *testing.T) {
	s := New(nil)
	l := post.Letter{ID: post.NewLetterID("aaaaaaaaaaaa", 1, 2, 3, 4), Secret: "its key",
		Document:  post.Object{Key: "letters/a", Sealed: true, Secret: "its key"},
		Archiving: post.Archiving{Record: post.Object{Key: "of a version before"}}}
	item, err := s.letterItem(&l)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.letterOf(item)
	if err != nil {
		t.Fatal(err)
	}
	if got.Document != l.Document || got.Archiving.Record != l.Archiving.Record {
		t.Errorf("the files come back as %#v and %#v", got.Document, got.Archiving.Record)
	}
	if got.Document.Secret != "its key" || got.Archiving.Record.Secret != "" {
		t.Error("a sealed file has not its letter's key, or another one has it")
	}
}

// TestEveryFieldComesBack: what is stored is read as it was, field by field, also those that are yet to come.
func TestEveryFieldComesBack(t *testing.T) {
	f := &filler{t: t}
	var l post.Letter
	f.fill(reflect.ValueOf(&l).Elem())
	l.ID = post.NewLetterID("aaaaaaaaaaaa", 1, 2, 3, 4)
	l.IndexedAt = l.Due.Add(-time.Millisecond)
	for i := range l.Receipts {
		l.Receipts[i].MessageID = l.ID
	}
	var s post.Shipment
	f.fill(reflect.ValueOf(&s).Elem())
	before := s // a version before kept corrections with the shipment
	before.Drafted = false
	for i := range before.Edits {
		before.Edits[i].Ordinal = 0
	}
	var row, message post.Failure
	f.fill(reflect.ValueOf(&row).Elem())
	row.Message = nil
	f.fill(reflect.ValueOf(&message).Elem())
	var in post.InboxMessage
	f.fill(reflect.ValueOf(&in).Elem())
	var p post.Profile
	f.fill(reflect.ValueOf(&p).Elem())
	var d post.Delivery
	f.fill(reflect.ValueOf(&d).Elem())
	d.Subscription.Org, d.Notices = d.Org, nil
	store := New(nil)
	for _, c := range []struct {
		is        any
		item      func() (*Item, error)
		read      func(*Item) (any, error)
		elsewhere map[string]bool // stored in another place, or never
	}{
		{l, func() (*Item, error) { return store.letterItem(&l) },
			func(i *Item) (any, error) { return deref(store.letterOf(i)) }, nil},
		{s, func() (*Item, error) { return store.shipmentItem(&s) },
			func(i *Item) (any, error) { return deref(store.shipmentOf(i)) },
			map[string]bool{".Counts": true, ".Edits": true}},
		{before, func() (*Item, error) { return store.shipmentItem(&before) },
			func(i *Item) (any, error) { return deref(store.shipmentOf(i)) },
			map[string]bool{".Counts": true, ".Ordinal": true}},
		{row, func() (*Item, error) { return store.failureItem(&row) },
			func(i *Item) (any, error) { return deref(store.failureOf(i)) }, map[string]bool{".Cursor": true}},
		{message, func() (*Item, error) { return store.failureItem(&message) },
			func(i *Item) (any, error) { return deref(store.failureOf(i)) }, map[string]bool{".Cursor": true}},
		{d, func() (*Item, error) { return deliveryItem(&d) },
			func(i *Item) (any, error) { return deref(deliveryOf(i)) }, nil},
		{in, func() (*Item, error) { return inboxItem(&in) }, func(i *Item) (any, error) { return deref(inboxOf(i)) },
			nil},
		{p, func() (*Item, error) {
			return small(profileKey("demo", p.Name), profileBodyOf(p), time.Time{})
		}, func(i *Item) (any, error) { return profileOf(i) }, nil},
	} {
		item, err := c.item()
		if err != nil {
			t.Fatal(err)
		}
		if revision := reflect.ValueOf(c.is).FieldByName("Revision"); revision.IsValid() {
			item.Revision = revision.Int()
		}
		got, err := c.read(item)
		if err != nil {
			t.Fatalf("%T: %v", c.is, err)
		}
		for _, field := range lost("", reflect.ValueOf(c.is), reflect.ValueOf(got), c.elsewhere) {
			t.Errorf("%T loses %s", c.is, field)
		}
	}
}

func deref[T any](p *T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return *p, nil
}

// TestClonesShareNothing: what one changes in its copy is not in the other's.
func TestClonesShareNothing(t *testing.T) {
	f := &filler{t: t}
	var l post.Letter
	f.fill(reflect.ValueOf(&l).Elem())
	l.Corrections = append(make([]post.Corrected, 0, 9), l.Corrections...) // room to append in place
	a, b := l.Clone(), l.Clone()
	a.Corrections = append(a.Corrections, post.Corrected{By: "anna"})
	b.Corrections = append(b.Corrections, post.Corrected{By: "bo"})
	if by := a.Corrections[len(a.Corrections)-1].By; by != "anna" {
		t.Errorf("the last correction is %s's", by)
	}
	var s post.Shipment
	f.fill(reflect.ValueOf(&s).Elem())
	for _, pair := range [][2]reflect.Value{
		{reflect.ValueOf(l), reflect.ValueOf(*l.Clone())}, {reflect.ValueOf(s), reflect.ValueOf(*s.Clone())},
	} {
		for i := range pair[0].NumField() {
			one, other := pair[0].Field(i), pair[1].Field(i)
			if k := one.Kind(); (k == reflect.Slice || k == reflect.Pointer) && one.Pointer() == other.Pointer() {
				t.Errorf("copies of a %s share %s", pair[0].Type(), pair[0].Type().Field(i).Name)
			}
		}
	}
}
