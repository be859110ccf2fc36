package cms

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestSignAndVerify(t *testing.T) {
	made, err := NewKey("Nordøby Kommune", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	text, err := made.PEM()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	content := []byte(`{"files":{}}`)
	signature, err := key.Sign(content)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := Verify(content, signature); err != nil || Fingerprint(c) != Fingerprint(made.Certificate) {
		t.Errorf("%v", err)
	}
	if _, err := Verify([]byte(`{"files":{ }}`), signature); err == nil {
		t.Error("another content passes")
	}
	if _, err := Verify(content, signature[:len(signature)/2]); err == nil {
		t.Error("half a signature passes")
	}
	if _, err := ParseKey([]byte("no key")); err == nil {
		t.Error("no key passes")
	}
	openssl(t, content, signature)
}

// openssl reads the signature too: it is no format of ours.
func openssl(t *testing.T, content, signature []byte) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here")
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"manifest.json": content, "manifest.p7s": signature} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in",
		filepath.Join(dir, "manifest.p7s"),
		"-content", filepath.Join(dir, "manifest.json"), "-out", os.DevNull).CombinedOutput()
	if err != nil {
		t.Errorf("openssl: %v %s", err, out)
	}
}
