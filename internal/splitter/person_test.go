package splitter

import "testing"

func TestNamesAreComparedFolded(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want likeness
	}{
		{"Anna Sørensen", "Anna Sørensen", alike},
		{"Åse Ærø", "Aase Aeroe", alike},
		{"Jürgen Müller", "JUERGEN MUELLER", alike},
		{"Sørensen, Anna", "Anna Sørensen", alike},
		{"A. M. Holm", "Anne Marie Holm", alike},
		{"Anne Marie Holm", "Anne Holm", alike},
		{"Til Anne Holm", "Anne Holm", alike},
		{"GøgThøgersen", "Gøg Thøgersen", alike},
		{"Bjørn Sko v", "Bjørn Skov", alike},
		{"René Dupont", "Rene Dupont", alike},
		{"", "Anne Holm", alike},
		{"Anne Holm", "Anne Lund", doubtful},
		{"Anne Holm", "Anne Holm Lund", doubtful},
		{"Anne Marie Holm", "Anne Sofie Holm", doubtful},
		{"Anne Holm", "Bo Holm", unlike},
		{"Anne Holm", "Bo Lund", unlike},
		{"Anne Holm", "Holm & Søn ApS", unlike},
	} {
		if got := compareNames(c.a, c.b); got != c.want {
			t.Errorf("%q and %q are %d, want %d", c.a, c.b, got, c.want)
		}
		if got := compareNames(c.b, c.a); got != c.want {
			t.Errorf("%q and %q are %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestNameInside(t *testing.T) {
	for text, want := range map[string]string{
		"Samlevers navn Åse Skov": "Åse Skov", "Medarbejder Frederik Kjær": "Frederik Kjær",
		"Til Anna Holm,":       "Anna Holm",
		"Afgørelse om tilskud": "", "Ågade 4": "", "Anna": "", "Lars von Trier": "Lars von Trier",
		"Navn: Anna Holm":      "Anna Holm",
		"Anna Holm og Bo Lund": "Anna Holm og Bo Lund", "Vedr. sagen": "",
	} {
		if got := nameInside(text); got != want {
			t.Errorf("the name in %q is %q, want %q", text, got, want)
		}
	}
}

func TestRoles(t *testing.T) {
	for text, want := range map[string]kinship{
		"Barnets CPR-nr.": another, "Medansøger": another, "Mor": another, "Morten Holm": itself,
		"Sønder Ærø": itself, "Farum": itself,
		"Ærø & Søn ApS": itself, "Borgerservice": itself, "Borgers": concerned, "Værge for": another,
		"Vedr.:": concerned, "Elev": concerned,
		"Medarbejder": concerned, "Afdødes CPR": another, "Bidragsyder": concerned, "CPR-nr.": itself,
		"Forælder 2":           another,
		"Bo Holm v/ Anna Lund": another, "Datters navn": another, "Boligstøtte": itself,
	} {
		if got := roleIn(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestNumberSpans(t *testing.T) {
	for text, want := range map[string]string{
		"010190-1234": "010190-1234", "CPR010190-1234": "010190-1234", "01 01 90-1234": "01 01 90-1234",
		"010190 - 1234": "010190 - 1234",
		"01-01-90-1234": "01-01-90-1234", "010190/1234": "010190/1234", "99 06 08 16": "99 06 08 16",
		"0101901234":  "0101901234",
		"160487-XXXX": "160487-XXXX", "181170-2379 2026-952965": "181170-2379|2026-952965", "5790009999999": "",
		"70 99 00 11":  "70 99 00 11",
		"12345-678901": "", "A0101901234": "", "17. november 2026": "",
	} {
		got := ""
		for _, s := range numberSpans(text) {
			if got != "" {
				got += "|"
			}
			got += text[s.from:s.to]
		}
		if got != want {
			t.Errorf("the numbers in %q are %q, want %q", text, got, want)
		}
	}
}

func TestOrganizations(t *testing.T) {
	for name, want := range map[string]bool{
		"Ærø & Søn ApS": true, "Nordøby Kommune": true, "Nordøby Skole": true, "Folkeskolen i Nordøby": true,
		"Møller Maskinfabrik A/S": true,
		"Nordøby Kirke":           true, "Advokat Bo Lund": true, "Børnehaven Solstrålen": true,
		"Lunds Vognmandsfirma": true,
		"Retten i Nordøby":     true,
		"Søren Kirkegaard":     false, "Svaret Kommer Aldrig": false, "Anna Bygballe": false,
		"Kvittering Før Svaret": false, "Margret Holm": false,
		"Morten Skovbo": false, "Lis Maleren": true, "Anna Centerholm": false, "Bo Regnar": false,
	} {
		if got := isOrganization(name); got != want {
			t.Errorf("%q is an organization: %v", name, got)
		}
	}
}
