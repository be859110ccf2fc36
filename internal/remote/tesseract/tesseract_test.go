package tesseract

import (
	"context"
	"os"
	"strings"
	"testing"
)

// TestRecognize: the real programs read a page that is drawn large.
func TestRecognize(t *testing.T) {
	r, err := New("dan")
	if err != nil {
		t.Skip(err)
	}
	page, err := os.ReadFile("testdata/page.pdf")
	if err != nil {
		t.Fatal(err)
	}
	text, err := r.Recognize(context.Background(), page)
	if err != nil || !strings.Contains(text, "010141-1234") {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := r.Recognize(context.Background(), []byte("no PDF")); err == nil {
		t.Error("what is no PDF was read")
	}
	if _, err := New("klingon"); err == nil || !strings.Contains(err.Error(), "klingon") {
		t.Errorf("a language that is not there: %v", err)
	}
}
