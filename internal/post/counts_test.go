package post

import (
	"testing"
	"time"
)

// TestPrompt: what counts is the time from when a letter might leave until Digital Post had it.
func TestPrompt(t *testing.T) {
	start := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		state      LetterState
		accepted   time.Duration
		notBefore  time.Duration
		wantPrompt bool
	}{
		"at once":                   {HandedOver, time.Second, 0, true},
		"with its receipt":          {Completed, PromptWithin, 0, true},
		"late":                      {HandedOver, PromptWithin + time.Millisecond, 0, false},
		"on a day that was chosen":  {HandedOver, time.Hour + time.Second, time.Hour, true},
		"late on it":                {HandedOver, 2 * time.Hour, time.Hour, false},
		"refused after that":        {Failed, time.Second, 0, false},
		"not with Digital Post yet": {Sending, 0, 0, false},
		"sent again":                {HandedOver, time.Second, 0, false},
	} {
		l := &Letter{State: c.state, Messages: []Message{{UUID: "u"}},
			History: []Event{{At: start, What: WasSplit}, {At: start, What: WasQueued}}}
		if name == "sent again" {
			l.History = append(l.History, Event{At: start, What: WasReplayed})
		}
		if c.accepted > 0 {
			l.Messages[0].Accepted = start.Add(c.accepted)
		}
		if c.notBefore > 0 {
			l.NotBefore = start.Add(c.notBefore)
		}
		var counts Counts
		if counts.Add(l, 1); (counts.Prompt == 1) != c.wantPrompt {
			t.Errorf("%s: %+v", name, counts)
		}
	}
}
