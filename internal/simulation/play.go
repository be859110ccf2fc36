package simulation

import (
	"context"
	"strconv"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
)

const org = "demo"

var kommune = &post.Organization{
	ID:      org,
	Name:    "Kommune",
	Senders: []post.Sender{{Number: sender, Name: "Kommune"}},
	MeMo:    post.MeMo12,
}

// links are not followed here: the upload is put where it belongs.
type links struct{}

// Upload implements post.Links.
func (links) Upload(context.Context, post.UploadPolicy) (post.Link, error) { return post.Link{}, nil }

// Preview implements post.Links.
func (links) Preview(context.Context, string, post.Object) (post.Link, error) {
	return post.Link{}, nil
}

// Download implements post.Links.
func (links) Download(context.Context, string, post.Object, string) (post.Link, error) {
	return post.Link{}, nil
}

func (w *world) newID() string {
	const letters = "0123456789abcdefghijklmnopqrstuv"
	id := make([]byte, 12)
	for i := range id {
		id[i] = letters[w.rng.IntN(len(letters))]
	}
	return string(id)
}

// planOf is the plan of the document, which is the same each time but for what people correct.
func (w *world) planOf(_ context.Context, _ []byte, o splitter.Options) (*splitter.Plan, error) {
	plan := *w.document.plan
	if len(o.Edits) > 0 {
		corrected, err := w.replanOf(nil, o)
		if err != nil {
			return nil, err
		}
		plan.Segments, plan.Findings = corrected.Segments, corrected.Findings
	}
	return &plan, nil
}

// replanOf plans the document from what was read of it.
func (w *world) replanOf(_ []byte, o splitter.Options) (*splitter.Plan, error) {
	if len(o.Edits) == 0 {
		plan := *w.document.plan
		return &plan, nil
	}
	o.Label = "CPR-nr." // as in newDocument
	return splitter.Replan(w.document.facts, o)
}

// play is a run: faults, then quiet, then what a person does who clears up.
func (w *world) play() {
	owner := *kommune
	owner.FourEyes = w.eyes.from
	if w.outside = w.withOutside(); w.outside != nil {
		owner.Archives = []post.ArchiveConnection{{ID: outsideID, Name: "Arkiv"}}
	}
	must(w.truth.CreateOrganization(context.Background(), &owner))
	w.beginEyes()
	w.systems = w.withWays()
	w.register, w.rightsNow = w.withRegister(), w.withRights()
	w.massFrom, w.massMost = w.withContainers()
	w.fetchers()
	w.begin()
	for n := 0; n == 0 || w.injected() < fewest && w.violation == nil; n++ {
		w.people()
		if n == 0 {
			if w.lasting = !w.planRestore(); w.lasting {
				w.planWays(w.systems)
			}
		}
		began := w.now
		w.run(w.now.Add(30 * time.Hour))
		w.crossed(began)
	}
	w.faulty = false
	for _, a := range w.actors {
		a.thaws = time.Time{}
	}
	w.settle()
	w.runOut(54 * time.Hour)
	w.checkEnds()
	w.resendable()
	for range 2 {
		w.replayAll()
		w.runOut(6 * time.Hour)
	}
	w.checkReplayed()
	w.digest = w.rng.Uint64() // what the seed has given out depends on everything that has happened
}

// runOut runs for a while, and a few minutes more where a sweep has sent a job in the last moment of it: a job that
// stays for good is there after them, too.
func (w *world) runOut(d time.Duration) {
	w.run(w.now.Add(d))
	for n := 0; n < 5 && w.queues.waiting() > 0 && w.violation == nil; n++ {
		w.run(w.now.Add(time.Minute))
	}
}

// fewest is how many faults every run has at least.
const fewest = 5

// injected counts the faults that a run did not bring about by itself.
func (w *world) injected() int {
	n := 0
	for f, k := range w.faults {
		if !natural[f] {
			n += k
		}
	}
	return n
}

// begin chooses a document; now and then the run goes on where a version before has stopped.
func (w *world) begin() {
	if w.words == nil && w.seed%128 == 0 && len(before()) > 0 {
		w.takeOver(before()[w.rng.IntN(len(before()))])
		w.eyes.from = 0 // a version before knew nothing of it
	} else {
		w.document = documents()[w.rng.IntN(len(documents()))]
	}
	w.letters = len(w.document.segments)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// crossed counts a change of daylight saving.
func (w *world) crossed(began time.Time) {
	_, before := began.In(w.zone).Zone()
	_, after := w.now.In(w.zone).Zone()
	if before != after {
		w.count(ClockDaylight)
	}
}

// fetchers are what starts by itself: queues, the sweep, the pull of receipts. They are looked at when nothing else can
// happen, and whenever something has.
func (w *world) fetchers() {
	for _, name := range w.queues.names {
		w.sources = append(
			w.sources,
			&source{next: func() time.Time { return w.queues.next(name) }, fire: func() { w.queues.give(name) }},
		)
	}
	w.sources = append(w.sources,
		&source{next: w.firstDue, pause: 15 * w.timings.Sweep, fire: func() {
			w.start("sweep", func(ctx context.Context, a *actor) {
				_, err := w.worker(a).sweep.Run(ctx)
				w.logged(err)
			}, func(bool) {})
		}})
	var pull *source
	pull = &source{next: w.post.nextReceipt, pause: w.timings.Poll, fire: func() {
		w.start("receipts", func(ctx context.Context, a *actor) {
			_, err := w.worker(a).receipt.Pull(ctx)
			if w.logged(err); err != nil {
				pull.rest = w.now.Add(10 * time.Minute)
			}
		}, func(bool) {})
	}}
	w.sources = append(w.sources, pull)
}

// push hands a receipt in at the door.
func (w *world) push(r post.Receipt) {
	w.start(
		"push",
		func(ctx context.Context, a *actor) { w.logged(w.worker(a).receipt.Take(ctx, []post.Receipt{r})) },
		func(bool) {},
	)
}

// logged looks at an error as it would stand in a log.
func (w *world) logged(err error) {
	if err != nil {
		w.note("%v", err)
		w.mustNotName(7, "an error", err.Error())
	}
}

// fault counts what Digital Post does in any case, while faults count.
func (w *world) fault(f Fault) {
	if w.faulty {
		w.count(f)
	}
}

// firstDue is when the sweep finds something; the zero time for never.
func (w *world) firstDue() time.Time {
	if w.nextDueKnown {
		return w.nextDue
	}
	w.nextDueKnown, w.nextDue = true, time.Time{}
	first := ""
	for i := range duePartitions {
		if sk := w.table.First(store.DueIndex, duePartitions[i]); sk != "" && (first == "" || sk < first) {
			first = sk
		}
	}
	if first == "" {
		return time.Time{}
	}
	ms, err := strconv.ParseInt(first[:14], 10, 64)
	must(err)
	w.nextDue = time.UnixMilli(ms).UTC()
	return w.nextDue
}

// duePartitions are those of the table's due index.
var duePartitions = func() (all [19]string) {
	for i := range 16 {
		all[i] = "D#L#" + strconv.FormatInt(int64(i), 16)
	}
	all[16], all[17], all[18] = "D#S", "D#J", "D#TRANSFERS"
	return all
}()
