package post

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"brevdue/internal/sentence"
)

// Timings is every wait of the program. All of them are settings (reliability.md: times are for production).
type Timings struct {
	BackOffFrom   time.Duration // the first wait after a temporary failure
	BackOffTo     time.Duration // the longest
	RetryFor      time.Duration // after this a temporary failure becomes a failure
	ReceiptWithin time.Duration // after this a missing receipt is asked for and shown
	CheckAfter    time.Duration // work without progress for this long is put back on its queue
	Sweep         time.Duration // between two sweeps
	Poll          time.Duration // between two pulls of receipts
	Call          time.Duration // one call to Digital Post may last
	CallMass      time.Duration // Digital Post may be silent after a piece of a container was written
	Events        time.Duration // after this Digital Post surely knows of everything that it has taken in
	Doubt         time.Duration // an archive outside is asked for what it may have made, before a person is
	Upload        time.Duration // an upload link lives
}

// ProductionTimings is reliability.md's.
var ProductionTimings = Timings{
	BackOffFrom:   time.Minute,
	BackOffTo:     time.Hour,
	RetryFor:      24 * time.Hour,
	ReceiptWithin: 24 * time.Hour,
	CheckAfter:    5 * time.Minute,
	Sweep:         time.Minute,
	Poll:          30 * time.Second,
	Call:          time.Minute,
	CallMass:      2 * time.Minute,
	Events:        time.Hour,
	Doubt:         10 * time.Minute, // practice.md E3
	Upload:        time.Hour,
}

// DemoTimings lets a person watch everything happen; it holds with the simulator.
var DemoTimings = Timings{
	BackOffFrom:   time.Second,
	BackOffTo:     5 * time.Second,
	RetryFor:      time.Minute,
	ReceiptWithin: time.Minute,
	CheckAfter:    30 * time.Second,
	Sweep:         time.Second,
	Poll:          100 * time.Millisecond,
	Call:          5 * time.Second,
	CallMass:      20 * time.Second,
	Events:        3 * time.Second,
	Doubt:         10 * time.Second,
	Upload:        time.Hour,
}

// BackOff returns the wait after so many tries: doubling, and with jitter (0 to 1) between half of it and all.
func (p Timings) BackOff(tries int, jitter float64) time.Duration {
	wait := p.BackOffFrom
	for i := 1; i < tries && wait < p.BackOffTo; i++ {
		wait *= 2
	}
	wait = min(wait, p.BackOffTo)
	return max(p.BackOffFrom, wait/2+time.Duration(jitter*float64(wait/2)))
}

// Clock is now, and how long things take.
type Clock struct {
	At      time.Time
	Timings Timings
}

// NextCheck returns when work that starts now should have moved on.
func (now Clock) NextCheck() time.Time { return now.At.Add(now.Timings.CheckAfter) }

// ParseTimings reads "production" or "demo", followed by what differs from it: "demo retryFor=10s look=3s".
func ParseTimings(text string) (Timings, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Timings{}, fmt.Errorf("a pace is production or demo, and what differs from it")
	}
	p, known := map[string]Timings{"production": ProductionTimings, "demo": DemoTimings}[words[0]]
	if !known {
		return p, fmt.Errorf("pace %q is neither production nor demo", words[0])
	}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		d, err := time.ParseDuration(value)
		if err != nil || p.Set(name, d) != nil {
			return p, fmt.Errorf("pace: %q is not a wait", word)
		}
	}
	return p, nil
}

// Set sets the wait of that name.
func (p *Timings) Set(name string, d time.Duration) error {
	field := map[string]*time.Duration{"backOffFrom": &p.BackOffFrom, "backOffTo": &p.BackOffTo,
		"retryFor": &p.RetryFor, "receiptWithin": &p.ReceiptWithin,
		"look": &p.CheckAfter, "sweep": &p.Sweep, "poll": &p.Poll, "call": &p.Call, "callMass": &p.CallMass,
		"events": &p.Events, "doubt": &p.Doubt,
		"upload": &p.Upload}[name]
	if field == nil || d <= 0 {
		return fmt.Errorf("pace: %s=%v is not a wait", name, d)
	}
	*field = d
	return nil
}

// Denmark is the time zone that people here read and write. Whoever reads times from people imports time/tzdata: a
// function on AWS may have no zones.
var Denmark = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		return time.UTC
	}
	return zone
})

// ParseDay reads a date like 2026-12-20 as eight o'clock in the morning in Denmark.
func ParseDay(text string) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, text, Denmark())
	if err != nil {
		return day, Mistakes{{Field: "on", Text: sentence.Of("day-form")}}
	}
	// Not 8 hours later: summer time begins and ends.
	return time.Date(day.Year(), day.Month(), day.Day(), 8, 0, 0, 0, Denmark()), nil
}

// ParseMoment reads a moment: RFC 3339, 2026-12-20T08:00 or 2026-12-20 08:00 in Denmark, or a day, which begins at
// eight o'clock. "" is no moment.
func ParseMoment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(form, text, Denmark()); err == nil {
			return at, nil
		}
	}
	at, err := ParseDay(text)
	if err != nil {
		return at, Mistakes{{Field: "at", Text: sentence.Of("moment-form")}}
	}
	return at, nil
}
