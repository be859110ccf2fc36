package cli

import "testing"

// TestAbout: a document that was stopped has no pages and no recipient, and is not told as a letter.
func TestAbout(t *testing.T) {
	for want, r := range map[string]row{
		"hele dokumentet": {Shipment: "aaaaaaaaaaaa", FirstPage: 1},
		"side 3–4 010190-xxxx": {Shipment: "aaaaaaaaaaaa", Letter: "aaaaaaaaaaaa/2", FirstPage: 3, LastPage: 4,
			Recipient: "010190-xxxx"},
		"side 3–3":                {Shipment: "aaaaaaaaaaaa", Letter: "aaaaaaaaaaaa/2", FirstPage: 3, LastPage: 3},
		"CVR, uden kendte sider.": {Letter: "aaaaaaaaaaaa/2", Recipient: "CVR, uden kendte sider."},
	} {
		if got := r.about(); got != want {
			t.Errorf("%+v is %q, want %q", r, got, want)
		}
	}
}
