package kle

import (
	"strings"
	"testing"
)

// small is a filing plan as KLE publishes it, with little in it.
const small = `<?xml version="1.0" encoding="UTF-8"?>
<KLEEmneplan><UdgivelsesDato>2026-05-01</UdgivelsesDato>
<Hovedgruppe><HovedgruppeNr>27</HovedgruppeNr><HovedgruppeTitel>Sociale ydelser,
  service til borgere</HovedgruppeTitel><UUID>a</UUID>
<Gruppe><GruppeNr>27.12</GruppeNr><GruppeTitel>Voksne</GruppeTitel>
<Emne><EmneNr>27.12.04</EmneNr><EmneTitel>Hjælpemidler &amp; biler</EmneTitel><UUID>b</UUID>
<BevaringJaevnfoerArkivloven>K</BevaringJaevnfoerArkivloven></Emne>
<Emne><EmneNr>27.12.03</EmneNr><EmneTitel>Ledsagelse</EmneTitel></Emne></Gruppe></Hovedgruppe></KLEEmneplan>`

// TestRead: main groups, groups and subjects are read, by number.
func TestRead(t *testing.T) {
	plan, err := Read(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{"27": "Sociale ydelser, service til borgere", "27.12": "Voksne",
		"27.12.03": "Ledsagelse", "27.12.04": "Hjælpemidler & biler"} {
		if title, ok := plan.Title(number); !ok || title != want {
			t.Errorf("%s is %q, %v, want %q", number, title, ok, want)
		}
	}
	if _, ok := plan.Title("27.12.05"); ok || len(plan) != 4 {
		t.Errorf("it has %v", plan)
	}
}

// TestReadOthers: what is no filing plan is said, and nothing of it is taken.
func TestReadOthers(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "another file": "<html></html>", "broken off": small[:400],
		"no numbers": "<KLEEmneplan></KLEEmneplan>",
		"twice":      strings.Replace(small, "27.12.03", "27.12.04", 1),
		"no number":  strings.Replace(small, "27.12.03", "Ledsagelse", 1),
		"no title":   strings.Replace(small, ">Ledsagelse<", "> <", 1),
		"an entity": `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><KLEEmneplan><Hovedgruppe>` +
			`<HovedgruppeNr>27</HovedgruppeNr><HovedgruppeTitel>&a;</HovedgruppeTitel></Hovedgruppe></KLEEmneplan>`,
	} {
		if plan, err := Read(strings.NewReader(text)); err == nil || plan != nil {
			t.Errorf("%s: %v", name, plan)
		}
	}
}

// FuzzRead: whatever a file has, what is read of it is sorted, and each number has a title.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(strings.Replace(small, "27.12.03", "27.12.04", 1))
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for i, s := range plan {
			if title, ok := plan.Title(s.Number); !ok || title == "" || i > 0 && plan[i-1].Number >= s.Number {
				t.Errorf("%d: %+v", i, s)
			}
		}
	})
}
