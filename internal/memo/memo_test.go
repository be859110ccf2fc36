package memo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const schemas = "../../../shared/domain/memo"

func message(version string) *Message {
	file := func(name, content string) File {
		sum := sha256.Sum256([]byte(content))
		return File{Name: name, Type: "application/pdf", Language: "da", Content: []byte(content),
			SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	}
	return &Message{
		Version: version, UUID: "8c2ea15d-61fb-4ba9-9366-42f8b194c114", ID: "abc.1.2.3", Label: `Møde & »svar« <1.g>`, Reply: true,
		Sender: Party{"99060816", "CVR", "Nordøby Kommune"}, Recipient: Party{ID: "0101901234", Type: "CPR"},
		Created: time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC),
		Main: file(
			"Brev.pdf",
			strings.Repeat("%PDF brev ", 5000),
		), Additional: []File{file("Bilag 1.pdf", "x"), file("Bilag 2.pdf", "")},
	}
}

func TestWriteIsValid(t *testing.T) {
	if _, err := os.Stat(schemas); err != nil {
		t.Skip("the schemas are not beside this checkout")
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed")
	}
	for _, version := range []string{"1.1", "1.2"} {
		path := filepath.Join(t.TempDir(), "memo.xml")
		b, _ := io.ReadAll(message(version).Body())
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("xmllint", "--noout", "--schema",
			filepath.Join(schemas, "v"+version, "MeMo_core.xsd"), path).CombinedOutput()
		if err != nil {
			t.Errorf("MeMo %s: %v\n%s", version, err, out)
		}
	}
}

func TestWriteAndRead(t *testing.T) {
	for _, version := range []string{"1.1", "1.2"} {
		m := message(version)
		b, err := io.ReadAll(m.Body())
		if err != nil || int64(len(b)) != m.Length() {
			t.Fatalf("%d bytes, Length says %d: %v", len(b), m.Length(), err)
		}
		got, err := Read(b)
		if err != nil {
			t.Fatal(err)
		}
		if got.Digest() != m.Digest() {
			t.Errorf("what was read differs:\n%s\n%s", got.Skeleton(), m.Skeleton())
		}
		again, _ := io.ReadAll(m.Body())
		if string(again) != string(b) {
			t.Error("the same message gives other bytes")
		}
	}
}

func TestReadOthers(t *testing.T) {
	files, _ := filepath.Glob(schemas + "/samples/v1.*/*.xml")
	if len(files) == 0 {
		t.Skip("the samples are not beside this checkout")
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(b); err != nil {
			t.Errorf("%s: %v", filepath.Base(f), err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	b, _ := io.ReadAll(message("1.2").Body())
	good := string(b)
	for name, bad := range map[string]string{
		"order":    strings.Replace(good, "<memo:label>", "<memo:mandatory>false</memo:mandatory><memo:label>", 1),
		"missing":  strings.Replace(good, "<memo:messageType>DIGITALPOST</memo:messageType>", "", 1),
		"uuid":     strings.Replace(good, "-4ba9-", "-1ba9-", 1),
		"time":     strings.Replace(good, "123Z", "123+01:00", 1),
		"version":  strings.Replace(good, `memoVersion="1.2"`, `memoVersion="2"`, 1),
		"cut":      good[:len(good)-30],
		"content":  strings.Replace(good, "JVBERi", "!!!", 1),
		"not XML":  "hej",
		"no file":  strings.Replace(good, "<memo:content>", "<memo:kontent>", 1),
		"root":     strings.ReplaceAll(good, "memo:Message>", "memo:Besked>"),
		"no space": strings.Replace(good, Namespace, "urn:other", 1),
	} {
		if _, err := Read([]byte(bad)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	b, _ := io.ReadAll(message("1.2").Body())
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Read(b); err == nil && !IsUUID(m.UUID) {
			t.Errorf("accepted UUID %q", m.UUID)
		}
	})
}
