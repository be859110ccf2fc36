package post

import (
	"fmt"
	"strings"
	"time"
)

// Pace is every wait of the house. All of them are settings (reliability.md: times are for production).
type Pace struct {
	BackOffFrom   time.Duration // the first wait after a temporary failure
	BackOffTo     time.Duration // the longest
	RetryFor      time.Duration // after this a temporary failure becomes a failure
	ReceiptWithin time.Duration // after this a missing receipt is asked for and shown
	Look          time.Duration // work without progress for this long is put back on its queue
	Sweep         time.Duration // between two sweeps
	Poll          time.Duration // between two pulls of receipts
	Call          time.Duration // one call to Digital Post may last
	Upload        time.Duration // an upload link lives
}

// ProductionPace is reliability.md's.
var ProductionPace = Pace{
	BackOffFrom: time.Minute, BackOffTo: time.Hour, RetryFor: 24 * time.Hour, ReceiptWithin: 24 * time.Hour,
	Look: 5 * time.Minute, Sweep: time.Minute, Poll: 30 * time.Second, Call: time.Minute, Upload: time.Hour,
}

// DemoPace lets a person watch everything happen; it holds with the simulator.
var DemoPace = Pace{
	BackOffFrom: time.Second, BackOffTo: 5 * time.Second, RetryFor: time.Minute, ReceiptWithin: time.Minute,
	Look: 30 * time.Second, Sweep: time.Second, Poll: 100 * time.Millisecond, Call: 5 * time.Second, Upload: time.Hour,
}

// BackOff returns the wait after so many tries: doubling, and with jitter (0 to 1) between half of it and all.
func (p Pace) BackOff(tries int, jitter float64) time.Duration {
	wait := p.BackOffFrom
	for i := 1; i < tries && wait < p.BackOffTo; i++ {
		wait *= 2
	}
	wait = min(wait, p.BackOffTo)
	return max(p.BackOffFrom, wait/2+time.Duration(jitter*float64(wait/2)))
}

// Moment is now, and how long things take.
type Moment struct {
	At   time.Time
	Pace Pace
}

// Look returns when work that starts now should have moved on.
func (m Moment) Look() time.Time { return m.At.Add(m.Pace.Look) }

// ParsePace reads "production" or "demo", followed by what differs from it: "demo retryFor=10s look=3s".
func ParsePace(text string) (Pace, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Pace{}, fmt.Errorf("a pace is production or demo, and what differs from it")
	}
	p, known := map[string]Pace{"production": ProductionPace, "demo": DemoPace}[words[0]]
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
func (p *Pace) Set(name string, d time.Duration) error {
	field := map[string]*time.Duration{"backOffFrom": &p.BackOffFrom, "backOffTo": &p.BackOffTo, "retryFor": &p.RetryFor, "receiptWithin": &p.ReceiptWithin,
		"look": &p.Look, "sweep": &p.Sweep, "poll": &p.Poll, "call": &p.Call, "upload": &p.Upload}[name]
	if field == nil || d <= 0 {
		return fmt.Errorf("pace: %s=%v is not a wait", name, d)
	}
	*field = d
	return nil
}

// ParseDay reads a date like 2026-12-20 as eight o'clock in the morning in Denmark.
func ParseDay(text string) (time.Time, error) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		zone = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return day, Mistakes{{Field: "on", Text: "Datoen skal skrives som 2026-12-20."}}
	}
	return day.Add(8 * time.Hour), nil
}
