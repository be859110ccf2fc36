package store_test

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"brevdue/internal/post/posttest"
	"brevdue/internal/seal"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// flatePacking packs as the cloud does.
var flatePacking = store.Packing{
	From: 100,
	Pack: func(b []byte) ([]byte, error) {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, flate.BestSpeed)
		_, _ = w.Write(b)
		err = errors.Join(err, w.Close())
		return out.Bytes(), err
	},
	Unpack: func(b []byte) ([]byte, error) { return io.ReadAll(flate.NewReader(bytes.NewReader(b))) },
}

// openly is a table that takes nothing that lies open, but for what anybody may read.
type openly struct {
	store.Table
	t *testing.T
}

func (o openly) Transact(ctx context.Context, writes ...store.Write) error {
	for _, w := range writes {
		if w.Put == nil || w.Put.Sealed || len(w.Put.Body) == 0 || string(w.Put.Body) == "{}" {
			continue
		}
		if front, _, _ := strings.Cut(w.Put.PK, "#"); !strings.Contains("TNVE", front) {
			o.t.Errorf("%s %s lies open: %s", w.Put.PK, w.Put.SK, w.Put.Body)
		}
	}
	return o.Table.Transact(ctx, writes...)
}

func sealed(under store.Table, p store.Packing) store.Table {
	m, _ := seal.NewLocal()
	return store.Sealed(under, store.NewKeys(under, m), p)
}

func TestSealedTable(t *testing.T) {
	for name, p := range map[string]store.Packing{"plain": {}, "packed": flatePacking} {
		t.Run(name, func(t *testing.T) {
			storetest.Table(t, func(t *testing.T) store.Table { return sealed(storetest.NewMemory(), p) })
		})
	}
}

// TestStoreSealed: everything that the store keeps is sealed, and comes back as it was.
func TestStoreSealed(t *testing.T) {
	posttest.Store(t, func(t *testing.T) posttest.Words {
		return storetest.Words(store.New(sealed(openly{storetest.NewMemory(), t}, flatePacking)))
	})
}

func item(org, pk string) *store.Item {
	return &store.Item{Key: store.Key{PK: pk, SK: "H"}, Revision: 1, Body: []byte(`{"n":"CPR:0101901234"}`), Org: org}
}

func written(t *testing.T, under store.Table, m seal.Master, items ...*store.Item) {
	t.Helper()
	over := store.Sealed(under, store.NewKeys(under, m), store.Packing{})
	for _, i := range items {
		posttest.Check(t, over.Transact(t.Context(), store.Write{Put: i}))
	}
}

func one(t *testing.T, under store.Table, m seal.Master, pk string) (*store.Item, error) {
	t.Helper()
	over := store.Sealed(under, store.NewKeys(under, m), store.Packing{})
	items, err := over.Get(t.Context(), store.Key{PK: pk, SK: "H"})
	if err != nil {
		return nil, err
	}
	return items[0], nil
}

// TestNothingIsReadElsewhere: a sealed body that was moved, changed or cut is broken, and shows nothing.
func TestNothingIsReadElsewhere(t *testing.T) {
	m, _ := seal.NewLocal()
	for name, spoil := range map[string]func(*store.Item){
		"moved":                 func(i *store.Item) { i.PK = "L#b" },
		"changed":               func(i *store.Item) { i.Body[len(i.Body)-1] ^= 1 },
		"another form":          func(i *store.Item) { i.Body[0] = 2 },
		"another organization":  func(i *store.Item) { copy(i.Body[2:], "syd1") },
		"no such organization":  func(i *store.Item) { copy(i.Body[2:], "øst!") },
		"cut":                   func(i *store.Item) { i.Body = i.Body[:len(i.Body)-1] },
		"nothing":               func(i *store.Item) { i.Body = nil },
		"half a head":           func(i *store.Item) { i.Body = i.Body[:3] },
		"an id of no character": func(i *store.Item) { i.Body[1] = 0 },
	} {
		under := storetest.NewMemory()
		written(t, under, m, item("nord", "L#a"), item("syd1", "L#c"))
		lies, err := under.Get(t.Context(), store.Key{PK: "L#a", SK: "H"})
		posttest.Check(t, err)
		if bytes.Contains(lies[0].Body, []byte("0101901234")) {
			t.Fatal("the number lies open")
		}
		moved := *lies[0]
		moved.Body = bytes.Clone(moved.Body)
		spoil(&moved)
		posttest.Check(t, under.Transact(t.Context(), store.Write{Put: &moved}))
		if got, err := one(
			t,
			under,
			m,
			moved.PK,
		); err != nil || !got.Broken ||
			bytes.Contains(got.Body, []byte("0101")) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestTheWrongMasterKey: it is told, nothing is shown, and nothing is made anew under it.
func TestTheWrongMasterKey(t *testing.T) {
	m, text := seal.NewLocal()
	wrong, _ := seal.NewLocal()
	under := storetest.NewMemory()
	posttest.Check(t, store.NewKeys(under, m).Check(t.Context(), store.Installation))
	written(t, under, m, item("nord", "L#a"))
	if err := store.NewKeys(under, wrong).Check(t.Context(), store.Installation); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("the wrong key fits: %v", err)
	}
	if got, err := one(t, under, wrong, "L#a"); !errors.Is(err, seal.ErrWrongKey) || got != nil {
		t.Errorf("read with the wrong key: %+v, %v", got, err)
	}
	over := store.Sealed(under, store.NewKeys(under, wrong), store.Packing{})
	if err := over.Transact(t.Context(), store.Write{Put: item("nord", "L#a")}); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("written with the wrong key: %v", err)
	}
	same, err := seal.ParseLocal(text)
	posttest.Check(t, err)
	if got, err := one(t, under, same, "L#a"); err != nil || string(got.Body) != `{"n":"CPR:0101901234"}` {
		t.Errorf("with the right key: %+v, %v", got, err)
	}
	for _, bad := range []string{"", "hej", text[:20], text + text, strings.Repeat("A", 100)} {
		if _, err := seal.ParseLocal(
			bad,
		); !errors.Is(err, seal.ErrNoKey) ||
			strings.Contains(err.Error(), text[:10]) {
			t.Errorf("%q is a key: %v", bad, err)
		}
	}
}

func wrappedKey(t *testing.T, under store.Table, org string) (b struct{ Wrapped []byte }) {
	t.Helper()
	items, err := under.Get(t.Context(), store.WrappedKeyOf(org))
	posttest.Check(t, err)
	posttest.Check(t, json.Unmarshal(items[0].Body, &b))
	return b
}

// TestEachOrganizationHasItsOwnKey: a key of one opens nothing of another's, and is not what is wrapped for another.
func TestEachOrganizationHasItsOwnKey(t *testing.T) {
	m, _ := seal.NewLocal()
	under := storetest.NewMemory()
	written(t, under, m, item("nord", "L#a"), item("syd", "L#b"))
	north, south := wrappedKey(t, under, "nord").Wrapped, wrappedKey(t, under, "syd").Wrapped
	a, err := m.Unwrap(t.Context(), "nord", north)
	posttest.Check(t, err)
	b, err := m.Unwrap(t.Context(), "syd", south)
	posttest.Check(t, err)
	if bytes.Equal(a, b) {
		t.Error("two organizations have one key")
	}
	if _, err := m.Unwrap(t.Context(), "syd", north); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("the key of one is another's: %v", err)
	}
}

// TestOneKeyOfManyAtOnce: whoever comes first makes an organization's key, and all others use it.
func TestOneKeyOfManyAtOnce(t *testing.T) {
	m, _ := seal.NewLocal()
	under := storetest.NewMemory()
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() { written(t, under, m, item("nord", "L#"+string(rune('a'+n)))) })
	}
	all.Wait()
	for n := range 20 {
		if got, err := one(t, under, m, "L#"+string(rune('a'+n))); err != nil || got.Broken {
			t.Errorf("%d: %+v, %v", n, got, err)
		}
	}
}

// TestWhatLiesOpenIsRead: what a version before has written is read, and sealed when it is written again.
func TestWhatLiesOpenIsRead(t *testing.T) {
	m, _ := seal.NewLocal()
	under := storetest.NewMemory()
	posttest.Check(t, under.Transact(t.Context(), store.Write{Put: item("", "L#a")}))
	got, err := one(t, under, m, "L#a")
	posttest.Check(t, err)
	if got.Broken || got.Sealed || string(got.Body) != `{"n":"CPR:0101901234"}` {
		t.Errorf("%+v", got)
	}
	written(t, under, m, item("nord", "L#a"))
	lies, err := under.Get(t.Context(), store.Key{PK: "L#a", SK: "H"})
	posttest.Check(t, err)
	if !lies[0].Sealed || bytes.Contains(lies[0].Body, []byte("0101901234")) {
		t.Errorf("written again it lies as %q", lies[0].Body)
	}
}

// failing is a table or a master key that is not there for a while.
type failing struct {
	seal.Master
	err error
}

func (f *failing) Unwrap(ctx context.Context, org string, wrapped []byte) ([]byte, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.Master.Unwrap(ctx, org, wrapped)
}

// TestAMasterKeyThatDoesNotAnswer: nothing is called broken because of it, and it is asked again.
func TestAMasterKeyThatDoesNotAnswer(t *testing.T) {
	m, _ := seal.NewLocal()
	under := storetest.NewMemory()
	written(t, under, m, item("nord", "L#a"))
	f := &failing{m, errors.New("KMS does not answer")}
	over := store.Sealed(under, store.NewKeys(under, f), store.Packing{})
	k := store.Key{PK: "L#a", SK: "H"}
	if items, err := over.Get(t.Context(), k); !errors.Is(err, f.err) || items != nil {
		t.Errorf("%v, %v", items, err)
	}
	if err := over.Transact(t.Context(), store.Write{Put: item("nord", "L#b")}); !errors.Is(err, f.err) {
		t.Errorf("written: %v", err)
	}
	f.err = nil
	if items, err := over.Get(t.Context(), k); err != nil || items[0].Broken {
		t.Errorf("when it answers again: %v", err)
	}
}

// TestADamagedKeyIsItsOrganizations: whose key is damaged cannot be read, and everybody else can.
func TestADamagedKeyIsItsOrganizations(t *testing.T) {
	m, _ := seal.NewLocal()
	other, _ := seal.NewLocal()
	_, foreign, err := other.NewKey(t.Context(), "syd")
	posttest.Check(t, err)
	wrong, err := json.Marshal(map[string][]byte{"wrapped": foreign})
	posttest.Check(t, err)
	for name, body := range map[string]string{"no JSON": "{", "nothing": `{}`, "of another master key": string(wrong)} {
		under := storetest.NewMemory()
		posttest.Check(t, store.NewKeys(under, m).Check(t.Context(), store.Installation))
		written(t, under, m, item("nord", "L#a"), item("syd", "L#b"))
		posttest.Check(t, under.Transact(t.Context(), store.Write{Put: &store.Item{Key: store.WrappedKeyOf("syd"),
			Revision: 2, Body: []byte(body)}}))
		over := store.Sealed(under, store.NewKeys(under, m), store.Packing{})
		items, err := over.Get(t.Context(), store.Key{PK: "L#a", SK: "H"}, store.Key{PK: "L#b", SK: "H"})
		if err != nil || items[0].Broken || !items[1].Broken {
			t.Errorf("%s: %v, %v", name, items, err)
		}
	}
}

// TestWhatIsPutBackIsSealed: an item that was read and is written again as it was, also a broken one, never lies open.
func TestWhatIsPutBackIsSealed(t *testing.T) {
	m, _ := seal.NewLocal()
	under := storetest.NewMemory()
	over := store.Sealed(under, store.NewKeys(under, m), store.Packing{})
	written(t, under, m, item("nord", "L#a"))
	lies := func() *store.Item {
		items, err := under.Get(t.Context(), store.Key{PK: "L#a", SK: "H"})
		posttest.Check(t, err)
		return items[0]
	}
	putBack := func() {
		t.Helper()
		items, err := over.Get(t.Context(), store.Key{PK: "L#a", SK: "H"})
		posttest.Check(t, err)
		again := *items[0]
		again.Broken = false
		posttest.Check(t, over.Transact(t.Context(), store.Write{Put: &again}))
		if now := lies(); !now.Sealed || bytes.Contains(now.Body, []byte("0101901234")) {
			t.Errorf("put back it lies as %q", now.Body)
		}
	}
	putBack()
	broken := *lies()
	broken.Body = append(bytes.Clone(broken.Body), 1)
	posttest.Check(t, under.Transact(t.Context(), store.Write{Put: &broken}))
	putBack()
	posttest.Check(t, over.Transact(t.Context(), store.Write{Put: item("", "L#a")})) // nobody has said whose it is
	if now := lies(); !now.Sealed {
		t.Errorf("it lies as %q", now.Body)
	}
}

// TestOpenly: while a version before is at work, what is sealed is read and nothing is sealed.
func TestOpenly(t *testing.T) {
	m, _ := seal.NewLocal()
	under := storetest.NewMemory()
	written(t, under, m, item("nord", "L#a"))
	over := store.Sealed(under, store.NewKeys(under, m), store.Packing{}).Openly()
	items, err := over.Get(t.Context(), store.Key{PK: "L#a", SK: "H"})
	posttest.Check(t, err)
	posttest.Check(t, over.Transact(t.Context(), store.Write{Put: items[0]}))
	now, err := under.Get(t.Context(), store.Key{PK: "L#a", SK: "H"})
	if err != nil || now[0].Sealed || string(now[0].Body) != `{"n":"CPR:0101901234"}` {
		t.Errorf("it lies as %+v, %v", now[0], err)
	}
}
