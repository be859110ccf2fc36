package auth

import "testing"

// TestEasyCodes: what anybody would try is easy, however it is spelled; a sentence of one's own is not.
func TestEasyCodes(t *testing.T) {
	for code, want := range map[string]bool{
		"password12345678": true, "Velkommen2026!!": true, "sommersommer2026": true, "P4ssw0rd-P4ssw0rd": true,
		"qwertyuiopasdfgh": true, "abcdefghijklmnop": true, "aaaaaaaaaaaaaaaa": true, "1212121212121212": true,
		"ponmlkjihgfedcba": true, "Nordøby Kommune 2026": true, "sigrid-sigrid-1985": true, "kodeordkodeord1": true,
		"1qaz2wsx3edc4rfv": true, "vinter vinter vinter": true,
		"sigrid@skole.example":       true,
		"gule duer spiser havregryn": false, "tavse telefoner ringer torsdag": false,
		"fire kaniner p\u00e5 m\u00e5nen": false,
		"rmdn-nu2u-kjo5-krka":             false, "xK9#mQ2$vL7@pR4w": false,
	} {
		if got := easy(code, "sigrid", "sigrid@skole.example", "Nordøby Kommune", "demo"); got != want {
			t.Errorf("%q is easy: %v", code, got)
		}
	}
}
