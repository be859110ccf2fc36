package pdftest

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/fejl.pdf anew")

// TestPractice keeps the practice letters of the README as they are written here.
func TestPractice(t *testing.T) {
	const path = "../../../testdata/fejl.pdf"
	letter := func(name, number string) Letter {
		return Letter{Heading: []string{name, "Møllevej 1", "9999 Nordøby", "CPR-nr.: " + number}, Pages: 1}
	}
	want := Merge(
		Options{Footer: "Nordøby Kommune  ·  CVR-nr. 99 06 08 16"},
		letter(
			"Rasmus Højlund",
			"180764-9901",
		),
		letter("Nanna Vester", "090365-9908"),
		letter("Clara Mosegaard", "141265-9912"),
		letter("Anton Lykkegaard", "010160-0101"),
		letter("Ida Marie Kjær", "140769-0102"),
	)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("testdata/fejl.pdf is not what is written here; run with -update")
	}
}
