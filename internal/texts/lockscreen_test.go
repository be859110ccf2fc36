package texts

import "testing"

// TestC15LockScreen: numbers and sensitive words in a subject or a notification are warned of.
func TestC15LockScreen(t *testing.T) {
	for text, want := range map[string]bool{
		"Nyt brev fra kommunen": false, "Møde den 24.12.2026": false, "Afgørelse om tilskud": false,
		"Partshøring i din sag": true, "UNDERRETNING": true, "Sag 12345678": true, "Ring 99 99 99 99": true,
	} {
		if got := Reveals("Emne", text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
