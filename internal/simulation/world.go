package simulation

import (
	"fmt"
	"math/rand/v2"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/seal/letters"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// world is everything of one run.
type world struct {
	seed      uint64
	rng       *rand.Rand
	zone      *time.Location
	now       time.Time
	plant     plantedBug
	tracing   bool
	uncounted bool // a planted bug of the table
	history   []string

	faulty  bool // faults happen
	faults  map[Fault]int
	planned map[string][]int // at which calls of a port a fault is sure to happen, each counted from the one before
	actors  []*actor
	workers *workers
	timers  timers
	steps   int
	digest  uint64

	words   *words            // as items carry them; nil where they are written out
	table   *storetest.Memory // as it is
	truth   *store.Store      // over it, for the checks
	objects *objects
	files   letters.Objects // the same, with what is a letter's own sealed by its key
	secrets int             // drawn
	outline *post.Outline
	queues  *queues
	post    *digitalPost
	timings post.Timings

	document   *document
	attachment []byte // of the shipment; nil for none
	letters    int
	shipment   string // that was uploaded
	version    int    // of its split
	stopped    bool   // it is, at the end
	halted     int    // the step at which a stop of the organization was confirmed; 0 while it may send
	starts     int    // how often somebody has let it send again
	starting   int    // and how many are doing so just now
	cancels    cancels
	bulks      int // cancels of the shipment when a replay of many rows was pressed last
	drafted
	eyes      eyes
	meddled   bool // somebody has pressed something at the moment of sending
	restored  post.Restored
	backup    *backup
	returned  bool                   // the table came out of a backup
	fileless  map[post.LetterID]bool // letters that came out of it without their document
	massMost  int                    // letters in a container
	massFrom  int                    // letters go in containers from so many on; 0 for never
	lasting   bool                   // no backup comes back
	systems   []time.Duration        // when the organization gets another system of its own, or gives it up
	rightsNow rightsNow
	outside   *outside  // nil where letters are put into no archive outside
	register  *registry // nil where nobody is looked up
	sources   []*source
	checks
	violation *Violation

	nextDue      time.Time // when the sweep finds something
	nextDueKnown bool      // and nothing was written since it was looked for
}

var copenhagen = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return zone
}()

func newWorld(o Options, c *workers) *world {
	w := &world{
		seed:    o.Seed,
		workers: c,
		rng:     rand.New(rand.NewPCG(o.Seed, 20261117)),
		zone:    copenhagen,
		plant:   plants[o.Plant],
		tracing: o.Trace,
		faulty:  true,
		faults:  map[Fault]int{},
		table:   storetest.NewMemory(),
		timings: post.ProductionTimings,
	}
	w.now = startTime(w.rng)
	w.eyes = withEyes(o.Seed)
	if w.seed%64 > 0 {
		w.words = c.words.fresh()
	}
	w.truth = w.truthOf(w.table)
	w.checks, w.typed = newChecks(), map[int][]string{}
	w.objects = &objects{w: w}
	w.files = letters.Objects{Stored: w.objects}
	w.queues = newQueues(w)
	w.post = newDigitalPost(w)
	// Each of these calls happens in every run, so that every run has its five faults.
	w.planned = map[string][]int{
		"table":    {2 + w.rng.IntN(10), 1 + w.rng.IntN(10), 1 + w.rng.IntN(10)},
		"queue":    {1 + w.rng.IntN(3)},
		"function": {3 + w.rng.IntN(20)},
		"objects":  {1 + w.rng.IntN(4)},
	}
	return w
}

// skew is the clock of a new actor: mostly right. The first is always wrong.
func (w *world) skew() time.Duration {
	if w.faulty && (w.faults[ClockSkew] == 0 || w.rng.IntN(8) == 0) {
		w.count(ClockSkew)
		return time.Duration(w.rng.IntN(4001)-2000) * time.Millisecond
	}
	return 0
}

func (w *world) count(f Fault) {
	w.faults[f]++
	w.note("FAULT %s", f)
}

// either reports whether a fault happens now, planned or by chance.
func (w *world) either(port string, f Fault, oneIn int) bool {
	if w.due(port) {
		w.count(f)
		return true
	}
	return w.chance(f, oneIn)
}

// chance reports whether a fault happens now: one in so many.
func (w *world) chance(f Fault, oneIn int) bool {
	if !w.faulty || w.rng.IntN(oneIn) > 0 {
		return false
	}
	w.count(f)
	return true
}

// due reports whether the fault that was planned for a port happens at this call.
func (w *world) due(port string) bool {
	p := w.planned[port]
	if !w.faulty || len(p) == 0 {
		return false
	}
	if p[0]--; p[0] > 0 {
		return false
	}
	w.planned[port] = p[1:]
	return true
}

// violate notes the first property that does not hold.
func (w *world) violate(property int, format string, args ...any) {
	if w.violation == nil {
		w.violation = &Violation{Seed: w.seed, Property: property, Text: fmt.Sprintf(format, args...)}
		w.note("VIOLATION of property %d: %s", property, w.violation.Text)
	}
}

// timer is something that happens at a time.
type timer struct {
	at time.Time
	n  int
	do func()
}

// timers are sorted by time.
type timers struct {
	all []timer
	n   int
}

func (t *timers) add(at time.Time, do func()) {
	t.n++
	i := len(t.all)
	for i > 0 && t.all[i-1].at.After(at) {
		i--
	}
	t.all = append(t.all, timer{})
	copy(t.all[i+1:], t.all[i:])
	t.all[i] = timer{at, t.n, do}
}

func (w *world) after(d time.Duration, do func()) { w.timers.add(w.now.Add(d), do) }

// source starts something when there is work for it, and not too often.
type source struct {
	next  func() time.Time // zero for no work
	fire  func()
	pause time.Duration
	rest  time.Time
}

// at is when it starts something next.
func (s *source) at() time.Time {
	next := s.next()
	if !next.IsZero() {
		next = maxTime(next, s.rest)
	}
	return next
}

// copies is how many functions work at most.
const copies = 6

// fire starts what has work now.
func (w *world) fire() bool {
	if len(w.actors) >= copies {
		return false
	}
	first := w.rng.IntN(len(w.sources))
	for i := range w.sources {
		s := w.sources[(first+i)%len(w.sources)]
		if next := s.at(); !next.IsZero() && !next.After(w.now) {
			s.rest = w.now.Add(s.pause + time.Duration(w.rng.Int64N(int64(s.pause)+1)))
			s.fire()
			return true
		}
	}
	return false
}

// run plays until a time, or until nothing is left that could happen before it.
func (w *world) run(until time.Time) {
	for w.violation == nil {
		w.steps++
		if text := leaked.Load(); text != nil {
			w.violate(7, "a log line names a person: %s", *text)
		}
		if w.tick() {
			continue
		}
		next := w.next()
		if next.IsZero() || next.After(until) {
			w.now = maxTime(w.now, until)
			return
		}
		w.now = maxTime(w.now, next)
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tick does one thing that can happen now, and reports whether there was any.
func (w *world) tick() bool {
	if w.rng.IntN(3) == 0 && w.fire() {
		return true
	}
	timer := len(w.timers.all) > 0 && !w.timers.all[0].at.After(w.now)
	awake := 0
	for _, a := range w.actors {
		if !a.thaws.After(w.now) {
			awake++
		}
	}
	if !timer && awake == 0 {
		return w.fire()
	}
	if timer && (awake == 0 || w.rng.IntN(2) == 0) {
		do := w.timers.all[0].do
		w.timers.all = w.timers.all[1:]
		do()
		return true
	}
	n := w.rng.IntN(awake)
	for _, a := range w.actors {
		if a.thaws.After(w.now) {
			continue
		}
		if n == 0 {
			w.letGoOn(a)
			return true
		}
		n--
	}
	return true
}

// letGoOn lets an actor do its call, or die before it, or stand still for a while. Time goes by.
func (w *world) letGoOn(a *actor) {
	w.now = w.now.Add(time.Duration(w.rng.IntN(20)) * time.Millisecond)
	switch {
	case w.either("function", FunctionDied, 250):
		w.die(a)
	case w.chance(FunctionFrozen, 400):
		w.freeze(a)
	default:
		w.step(a)
	}
}

func (w *world) freeze(a *actor) {
	a.thaws, a.froze = w.now.Add(time.Duration(w.rng.IntN(600))*time.Second), true
	w.note("%s is frozen until %s", a.name, a.thaws.Format("15:04:05"))
}

// next is when the next thing happens.
func (w *world) next() time.Time {
	var next time.Time
	if len(w.timers.all) > 0 {
		next = w.timers.all[0].at
	}
	for _, a := range w.actors {
		if next.IsZero() || a.thaws.Before(next) {
			next = a.thaws
		}
	}
	if len(w.actors) >= copies {
		return next
	}
	for _, s := range w.sources {
		if at := s.at(); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}
