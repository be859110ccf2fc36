// Package simulation plays the whole way of letters, with the stages, the store and the rules as they are, under a
// scheduler that is single-threaded and decides everything by one seed: who goes on at each call of a port, what fails
// there, who dies, what time it is. After every step the safety properties of reliability.md are held against the
// table and against what Digital Post took in; when the faults have stopped, the liveness properties.
//
// One seed is one run: Run with the same seed, on the same commit, does the same again.
//
// seed -> [simulation] -> faults that happened, a violation or none
package simulation

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Fault names a kind of fault.
type Fault string

// The fault menu of reliability.md, by where it happens.
const (
	QueueTwice           Fault = "queue: a message comes twice"
	QueueLate            Fault = "queue: a message comes up to a minute late"
	QueueOrder           Fault = "queue: messages out of order"
	QueueNotSent         Fault = "queue: not sent, error"
	QueueSent            Fault = "queue: sent, answered with an error"
	QueueHalf            Fault = "queue: a batch half done"
	QueueVisible         Fault = "queue: visibility runs out while the work goes on"
	QueueDead            Fault = "queue: a message becomes a dead letter at the limit"
	ObjectEvent          Fault = "objects: the event comes late, twice or never"
	ObjectNotPut         Fault = "objects: error, nothing stored"
	ObjectPut            Fault = "objects: stored, answered with an error"
	TableThrottled       Fault = "table: throttled"
	TableWritten         Fault = "table: written, but timed out"
	TableRefused         Fault = "table: a condition failed, for somebody else was faster"
	IndexBehind          Fault = "table: the index is behind"
	FunctionDied         Fault = "function: dies at a call"
	FunctionFrozen       Fault = "function: frozen and thawed"
	FunctionTwice        Fault = "function: two copies at once"
	ClockSkew            Fault = "clock: skew"
	ClockDaylight        Fault = "clock: the run crosses daylight saving"
	PostError            Fault = "Digital Post: 5xx"
	PostTimeout          Fault = "Digital Post: time-out after accepting"
	PostDuplicate        Fault = "Digital Post: a duplicate, reported as a code or as text"
	PostBehind           Fault = "Digital Post: its events are behind"
	PostSilent           Fault = "Digital Post: 200 and never a receipt"
	PostEarly            Fault = "Digital Post: the receipt before the answer"
	PostTwice            Fault = "Digital Post: the receipt twice, pulled and pushed"
	PostReversed         Fault = "Digital Post: receipts in reverse"
	PostChangedMind      Fault = "Digital Post: FAILED after COMPLETED"
	PostOut              Fault = "Digital Post: out for hours"
	PostLax              Fault = "Digital Post: would take a UUID twice"
	PostForgets          Fault = "Digital Post: forgets a message that it has taken"
	PostNotOne           Fault = "Digital Post: says duplicate of what it never had"
	PostDenies           Fault = "Digital Post: refuses in words what it has taken in"
	PostOrphan           Fault = "Digital Post: a receipt for a UUID that was never ours"
	PostOld              Fault = "Digital Post: a receipt of long ago once more"
	PostRelents          Fault = "Digital Post: COMPLETED after FAILED"
	ArchiveError         Fault = "archive outside: error, nothing made"
	ArchiveTimeout       Fault = "archive outside: made, but timed out"
	ArchiveLate          Fault = "archive outside: its index is behind"
	ContainerRefused     Fault = "Digital Post: refuses a container whole"
	ContainerRefusedLate Fault = "Digital Post: refuses a container of which it has taken half in"
	ContainerHalf        Fault = "Digital Post: rejects half of a container that it has taken in"
	ContainerIndex       Fault = "Digital Post: the events of a container are late"
	OperatorTwice        Fault = "operator: double click"
	OperatorReplay       Fault = "operator: replay while a retry runs"
	OperatorCancel       Fault = "operator: cancel at the moment of sending"
	OperatorsTwo         Fault = "operator: two at the same thing"
	OperatorCorrect      Fault = "operator: corrects a recipient"
	OperatorStop         Fault = "operator: stops the organization's sending"
	OperatorDraft        Fault = "operator: corrects a draft"
	OperatorUndo         Fault = "operator: takes a Send back"
	OperatorPause        Fault = "operator: pauses a shipment"
	OperatorRestore      Fault = "operator: restores a backup"
	OldItems             Fault = "release: items that the version before wrote"
)

// natural are those that a run brings about by itself; they do not count towards its five faults.
var natural = map[Fault]bool{
	QueueOrder:    true,
	QueueVisible:  true,
	QueueDead:     true,
	TableRefused:  true,
	FunctionTwice: true,
	PostOut:       true,
}

// Violation is a property that did not hold.
type Violation struct {
	Seed     uint64
	Property int // 1 to 10, as in reliability.md
	Text     string
	History  []string // only when the run was traced
}

func (v *Violation) Error() string {
	return fmt.Sprintf("seed %d: property %d: %s", v.Seed, v.Property, v.Text)
}

// Result is what a run was.
type Result struct {
	Letters   int
	Steps     int
	Faults    map[Fault]int
	Violation *Violation
	Digest    uint64 // of everything that happened, in its order
}

// Options are a run's.
type Options struct {
	Seed  uint64
	Plant string // a bug that is put in; "" for none
	Trace bool   // keep the history
}

// Run plays one run.
func Run(o Options) Result {
	c := &workers{}
	defer c.leave()
	return c.run(o)
}

func (c *workers) run(o Options) Result {
	w := newWorld(o, c)
	w.play()
	w.clean()
	if w.violation != nil {
		w.violation.History = w.history
	}
	return Result{Letters: w.letters, Steps: w.steps, Faults: w.faults, Violation: w.violation, Digest: w.digest}
}

// startTime of a run: now and then shortly before a change of daylight saving.
func startTime(rng *rand.Rand) time.Time {
	switch rng.IntN(8) {
	case 0:
		return time.Date(2026, 3, 28, 18, 0, 0, 0, time.UTC)
	case 1:
		return time.Date(2026, 10, 24, 18, 0, 0, 0, time.UTC)
	}
	return time.Date(2026, 11, 17, 8, rng.IntN(60), rng.IntN(60), 0, time.UTC)
}
