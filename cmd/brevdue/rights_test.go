package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// tried is how a command is tried: without the right that it needs, and with another organization's ids. ID and LETTER
// are a shipment and a letter of another organization's, FILE is a document, NEW a file that is not there.
type tried struct {
	args    []string
	without string // what a key is told that has no right to it; "" for a command that every key may give
	foreign string // what a key of another organization's is told; "" where the command names no id
	alone   bool   // it needs no installation
	own     bool   // without one it begins one: what is there it cannot touch
}

// notThere is what one is told of what is another's.
const notThere = "findes ikke"

// aPersonIsMeant is what a key is told where only people may.
const aPersonIsMeant = "kun et menneske"

// commandsTried is every command (practice D1). A new one has to be in it.
var commandsTried = map[string]tried{
	"upload":            {args: []string{"FILE", "--subject", "x"}, without: "»skrive«"},
	"send":              {args: []string{"ID"}, without: "»sende«", foreign: notThere},
	"recipients list":   {without: "»skrive«"},
	"recipients show":   {args: []string{"ID"}, without: "»skrive«", foreign: notThere},
	"recipients import": {args: []string{"CSV", "--list", "ID"}, without: "»skrive«", foreign: notThere},
	"recipients remove": {args: []string{"ID"}, without: "»skrive«", foreign: notThere},
	"archive search":    {args: []string{"Anton"}, without: "»se arkiv«"},
	"archive status":    {args: []string{"LETTER"}, without: notThere, foreign: notThere},
	"archive show":      {args: []string{"ID"}, without: "»se arkiv«", foreign: notThere},
	"archive document":  {args: []string{"ID"}, without: "»se arkiv«", foreign: notThere},
	"archive verify":    {without: "»se arkiv«"},
	"archive export":    {args: []string{"--case", "ID", "--out", "ud"}, without: "»se arkiv«", foreign: notThere},
	"rehearse":          {args: []string{"ID"}, without: "»skrive«", foreign: notThere},
	"edit":              {args: []string{"ID", "--page", "1", "--merge"}, without: "»skrive«", foreign: notThere},
	"filing-plan":       {without: "»drift«"},
	"profiles":          {args: []string{"--remove", "x"}, without: "»skrive«", foreign: notThere},
	"proposals":         {without: aPersonIsMeant},
	"approve":           {args: []string{"ID"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"decline":           {args: []string{"ID", "--reason", "x"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"undo":              {args: []string{"ID"}, without: "»sende«", foreign: notThere},
	"pause":             {args: []string{"ID"}, without: "»sende«", foreign: notThere},
	"continue":          {args: []string{"ID"}, without: "»sende«", foreign: notThere},
	"cancel":            {args: []string{"ID"}, without: notThere, foreign: notThere},
	"watch":             {args: []string{"ID"}, without: notThere, foreign: notThere},
	"shipments":         {},
	"letters":           {args: []string{"ID"}, without: notThere, foreign: notThere},
	"memo":              {args: []string{"ID", "1"}, without: notThere, foreign: notThere},
	"document":          {args: []string{"ID", "1", "--out", "NEW"}, without: notThere, foreign: notThere},
	"inbox list":        {without: "»fordele post«"},
	"inbox document":    {args: []string{"ID", "1", "--out", "NEW"}, without: "»fordele post«", foreign: notThere},
	"unhandled":         {without: "»behandle Ubehandlet«"},
	"replay":            {args: []string{"--letter", "LETTER"}, without: "»behandle Ubehandlet«", foreign: notThere},
	"correct": {args: []string{"LETTER", "--subject", "x"}, without: "»behandle Ubehandlet«",
		foreign: notThere},
	"dismiss": {args: []string{"--letter", "LETTER", "--reason", "x"}, without: "»behandle Ubehandlet«",
		foreign: notThere},
	"status":   {},
	"check":    {without: "»drift«"},
	"stop":     {args: []string{"--reason", "x"}, without: "»drift«"},
	"start":    {without: "»drift«"},
	"audit":    {args: []string{"--shipment", "ID"}, without: "»læse revisionsspor«"},
	"notices":  {without: "»drift«"},
	"backup":   {args: []string{"--out", "NEW"}, without: "»drift«"},
	"incident": {args: []string{"ID", "--out", "NEW"}, without: "»drift«", foreign: notThere},

	"organization add":  {args: []string{"ny", "--name", "x", "--cvr", "12345674"}, own: true},
	"organization list": {without: operatorIsMeant},
	"organization change": {
		args:    []string{"demo", "--name", "x"},
		without: operatorIsMeant,
		foreign: operatorIsMeant,
	},
	"organization archive": {
		args:    []string{"demo", "--end", "x"},
		without: operatorIsMeant,
		foreign: operatorIsMeant,
	},
	"organization digital-post": {
		args:    []string{"demo", "--off"},
		without: operatorIsMeant,
		foreign: operatorIsMeant,
	},
	"organization sso": {
		args:    []string{"demo", "--off"},
		without: operatorIsMeant,
		foreign: operatorIsMeant,
	},
	"users list": {without: aPersonIsMeant},
	"users add":  {args: []string{"ny"}, without: aPersonIsMeant},
	"users change": {
		args:    []string{"demo", "--name", "x"},
		without: aPersonIsMeant,
		foreign: aPersonIsMeant,
	},
	"users close":          {args: []string{"demo"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"users open":           {args: []string{"demo"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"users code":           {args: []string{"demo"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"users remove-factors": {args: []string{"demo"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"users import":         {args: []string{"CSV"}, without: aPersonIsMeant},
	"groups list":          {without: aPersonIsMeant},
	"groups add":           {args: []string{"ny", "--right", "write"}, without: aPersonIsMeant},
	"groups change": {
		args:    []string{"ny", "--name", "x"},
		without: aPersonIsMeant,
		foreign: aPersonIsMeant,
	},
	"groups remove": {args: []string{"ny"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"keys list":     {without: aPersonIsMeant},
	"keys add":      {args: []string{"ny", "--right", "write"}, without: aPersonIsMeant},
	"keys close":    {args: []string{"ny"}, without: aPersonIsMeant, foreign: aPersonIsMeant},
	"resume":        {without: operatorIsMeant},

	"login":     {alone: true},
	"logout":    {alone: true},
	"verify":    {alone: true},
	"split":     {alone: true},
	"serve":     {alone: true},
	"simulator": {alone: true},
	"restore":   {alone: true},
}

// operatorIsMeant is what is told to whoever has not the installation's data.
const operatorIsMeant = "har ingen installation"

// TestEveryCommandNeedsItsRight tries every command with a key that has no right to it, and with one of an organization
// that the ids are not of.
func TestEveryCommandNeedsItsRight(t *testing.T) {
	w := newInstallation(t)
	for _, name := range leaves(t) {
		c, ok := commandsTried[name]
		if !ok {
			t.Errorf("%s is not tried", name)
			continue
		}
		if c.alone {
			continue
		}
		told := w.run(w.args(name, c, w.narrow)...)
		if c.own {
			if all := w.run("organization", "list", "--data", w.data); strings.Contains(all.out, "ny  x") {
				t.Errorf("%s: %s", name, all.all())
			}
		} else if c.without == "" {
			if told.code != 0 || strings.Contains(told.all(), "Fortroligt emne") {
				t.Errorf("%s, which every key may: %d %s", name, told.code, told.all())
			}
		} else if told.code != 1 || !strings.Contains(told.all(), c.without) {
			t.Errorf("%s without the right: %d %s", name, told.code, told.all())
		}
		if c.foreign == "" {
			continue
		}
		told = w.run(w.args(name, c, w.foreign)...)
		if told.code == 0 || !strings.Contains(told.all(), c.foreign) {
			t.Errorf("%s of another organization's: %d %s", name, told.code, told.all())
		}
	}
	if after := w.run(
		"letters",
		w.id,
		"--key",
		w.own,
		"--json",
	); strings.Count(
		after.out,
		`"state":"Created"`,
	) != 55 {
		t.Errorf("afterwards: %s", after.all())
	}
}

// leaves are the names of all commands.
func leaves(t *testing.T) (names []string) {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(false) {
		var words []string
		for n := leaf; n.Type == kong.CommandNode; n = n.Parent {
			words = append(words, n.Name)
		}
		slices.Reverse(words)
		names = append(names, strings.Join(words, " "))
	}
	if len(names) < len(commandsTried) {
		t.Errorf("%d commands, and %d are tried", len(names), len(commandsTried))
	}
	return names
}

// triedOn is a running installation with two organizations.
type triedOn struct {
	t                           *testing.T
	data, addr                  string
	own, narrow, foreign        string // keys
	id, letter, file, csv, none string
}

func newInstallation(t *testing.T) *triedOn {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &triedOn{
		t:    t,
		data: filepath.Join(t.TempDir(), "data"),
		addr: l.Addr().String(),
		file: "testdata/brev.pdf",
	}
	_ = l.Close()
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", w.data, "--addr", w.addr}, terminal{in: &bytes.Buffer{},
			out: &bytes.Buffer{}, err: &bytes.Buffer{}})
	}()
	t.Cleanup(func() { end(); <-ended })
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, err := http.Get("http://" + w.addr + "/healthz")
		if err == nil {
			_ = res.Body.Close()
			break
		}
		if time.Now().After(until) {
			t.Fatal(err)
		}
	}
	w.file = filepath.Join("..", "..", "testdata", "flettebrev.pdf")
	w.csv = filepath.Join(t.TempDir(), "brugere.csv")
	if err := os.WriteFile(w.csv, []byte("brugernavn;navn\nny;Ny\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.none = filepath.Join(t.TempDir(), "ny")
	w.own = w.value("key", "keys", "add", "alt", "--organization", "demo", "--right", "write", "--right", "see-all",
		"--right", "send", "--right", "archive", "--data", w.data)
	w.narrow = w.value(
		"key",
		"keys",
		"add",
		"smal",
		"--organization",
		"demo",
		"--right",
		"reveal",
		"--data",
		w.data,
	)
	w.foreign = w.value("key", "organization", "add", "sydoby", "--name", "Sydøby", "--cvr", "87654303", "--user",
		"sydoby", "--data", w.data)
	w.id = w.value("id", "upload", w.file, "--subject", "Fortroligt emne", "--review", "--key", w.own)
	w.run("watch", w.id, "--key", w.own)
	w.letter = w.id + "/1"
	return w
}

// result is what a command has printed.
type result struct {
	code     int
	out, err string
}

func (r result) all() string { return r.out + r.err }

func (w *triedOn) run(args ...string) result {
	var out, errOut bytes.Buffer
	code := run(context.Background(), append(args, "--server", "http://"+w.addr),
		terminal{in: strings.NewReader("0101901234"), out: &out, err: &errOut})
	return result{code, out.String(), errOut.String()}
}

// value runs a command, and returns a value of its JSON.
func (w *triedOn) value(name string, args ...string) string {
	w.t.Helper()
	r := w.run(append(args, "--json")...)
	var all map[string]any
	if json.Unmarshal([]byte(r.out), &all) != nil || all[name] == nil {
		w.t.Fatalf("%v: %d %s", args, r.code, r.all())
	}
	return all[name].(string)
}

// args are those of a command, as somebody gives it who has a key and not the installation's data.
func (w *triedOn) args(name string, c tried, key string) []string {
	args := strings.Fields(name)
	for _, a := range c.args {
		if v := map[string]string{"ID": w.id, "LETTER": w.letter, "FILE": w.file, "CSV": w.csv,
			"NEW": w.none}[a]; v != "" {
			a = v
		}
		args = append(args, a)
	}
	return append(args, "--key", key, "--data", filepath.Join(w.t.TempDir(), "ingen"))
}
