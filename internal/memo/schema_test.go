package memo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// needPaper skips a test where the schemas, or the tool that knows them, are missing.
func needPaper(t *testing.T, tool string) {
	t.Helper()
	if _, err := os.Stat(paper); err != nil {
		t.Skip("the schemas and samples are not beside this checkout")
	}
	if tool == "" {
		return
	}
	if _, err := exec.LookPath(tool); err != nil {
		t.Skip(tool + " is not installed")
	}
}

// TestWhatIsWrittenIsValid: whatever stands in a message that Check lets pass, xmllint finds it valid.
func TestWhatIsWrittenIsValid(t *testing.T) {
	needPaper(t, "xmllint")
	const seed, runs = 17, 150
	for _, version := range []string{"1.1", "1.2"} {
		r := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		args := []string{"--noout", "--schema", filepath.Join(paper, "v"+version, "MeMo_core.xsd")}
		for i := range runs {
			m := message(version)
			fill(r, reflect.ValueOf(m).Elem(), version, i)
			if i%10 == 0 { // nothing but what must be there
				m = &Message{Version: version}
				fill(r, reflect.ValueOf(m).Elem(), version, -1)
			}
			if err := m.Check(); err != nil {
				t.Fatalf("message %d of seed %d: %v", i, seed, err)
			}
			b, err := m.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := Read(bytes.NewReader(b)); err != nil || got.Digest() != m.Digest() {
				t.Fatalf("message %d of seed %d is not read as it was written: %v", i, seed, err)
			}
			name := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
			t.Errorf("MeMo %s: %v\n%.2000s", version, err, out)
		}
	}
}

// fill puts something into every element, or into some of those that may be missing; into none with often -1.
func fill(r *rand.Rand, v reflect.Value, version string, often int) {
	for _, e := range childrenOf(v.Type()) {
		field := v.Field(e.field)
		missing := e.mayBeMissing(version) && (often < 0 || often > 0 && r.IntN(2) == 0)
		if missing || !e.isIn(version) || isChoice(e, v) {
			field.SetZero()
			continue
		}
		switch field.Kind() {
		case reflect.Slice:
			field.SetZero()
			for range 1 + r.IntN(min(3, e.most)) {
				field.Set(reflect.Append(field, reflect.Zero(field.Type().Elem())))
				fillValue(r, field.Index(field.Len()-1), version, often)
			}
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
			fillValue(r, field.Elem(), version, often)
		default:
			fillValue(r, field, version, often)
		}
	}
}

// isChoice reports whether the other element of a choice has been chosen.
func isChoice(e element, v reflect.Value) bool {
	a, ok := v.Interface().(Action)
	return ok && e.name == "EntryPoint" && a.Reservation != nil
}

func fillValue(r *rand.Rand, v reflect.Value, version string, often int) {
	letters := []rune("abcÆØÅ é&<>\"'\t–😀 Z")
	text := func(most int) string {
		var s strings.Builder
		for range 1 + r.IntN(most) {
			s.WriteRune(letters[r.IntN(len(letters))])
		}
		return s.String()
	}
	switch x := v.Addr().Interface().(type) {
	case *Content:
		*x = ContentOf(bytes.Repeat([]byte{byte(r.IntN(256))}, r.IntN(100)))
	case *MessageType:
		*x = DigitalPost
	case *UUID:
		*x = UUID(fmt.Sprintf("%08x-0000-4000-8000-%012X", r.Uint32(), r.Uint64()>>20))
	case *DateTime:
		*x = "2026-11-30T10:20:30Z"
	case *Date:
		*x = "2026-12-24"
	case *Flag:
		*x = []Flag{"true", "false", "1", "0"}[r.IntN(4)]
	case *Comment:
		*x = Comment(text(512))
	case *Notification:
		*x = Notification(text(160))
	case *URI:
		*x = "https://nordoby.dk/skema?a=1&b=2"
	case *Language:
		*x = "da"
	case *LicenseNumber:
		*x = LicenseNumber(text(7))
	case *GLN:
		*x = "5798000012345"
	case *PNumber:
		*x = "1000000000"
	case *string:
		*x = text(256)
	default:
		fill(r, v, version, often)
	}
	if f, ok := v.Addr().Interface().(*File); ok {
		f.Name = "Brev æ.pdf"
	}
}

// TestOfficialSamples: what the official samples hold is read, and written to the same canonical XML.
func TestOfficialSamples(t *testing.T) {
	needPaper(t, "")
	samples, _ := filepath.Glob(paper + "/samples/v1.*/*.xml")
	if len(samples) != 8 {
		t.Fatalf("%d samples", len(samples))
	}
	for _, name := range samples {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(bytes.NewReader(b)); err != nil {
			t.Errorf("%s, strictly: %v", filepath.Base(name), err)
		}
		m, err := ReadWhole(b)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		written, err := m.Bytes()
		if err != nil || len(m.Unknown) > 0 {
			t.Errorf("%s: %v, not known: %q", filepath.Base(name), err, m.Unknown)
		}
		if got, want := canonical(t, written), canonical(t, b); got != want {
			t.Errorf("%s is written as\n%s\nwas\n%s", filepath.Base(name), got, want)
		}
	}
}

// canonical writes XML without what means nothing: prefixes, comments, space between elements and in base64.
func canonical(t *testing.T, b []byte) string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	var out, text strings.Builder
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			text.Reset()
			fmt.Fprintf(&out, "\n<%s %s", x.Name.Space, x.Name.Local)
			slices.SortFunc(x.Attr, func(a, b xml.Attr) int { return strings.Compare(a.Name.Local, b.Name.Local) })
			for _, a := range x.Attr {
				if !isNamespace(a.Name) {
					fmt.Fprintf(&out, " %s=%q", a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			text.Write(x)
		case xml.EndElement:
			if s := text.String(); strings.TrimSpace(s) != "" {
				if x.Name.Local == contentName {
					s = strings.Join(strings.Fields(s), "")
				}
				fmt.Fprintf(&out, " %q", s)
			}
			text.Reset()
			out.WriteString("/")
		}
	}
}
