package simulation

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// registry is the contact register: what it says of some people changes once, and now and then it says nothing.
type registry struct {
	w       *world
	rng     *rand.Rand
	changes time.Time
	// what it has told whoever asked: that is what an actor knew when its letters left
	told map[*actor]map[string]post.Enrollment
}

// withRegister decides whether recipients are looked up in this run. It takes nothing from the run's own chance.
func (w *world) withRegister() *registry {
	rng := rand.New(rand.NewPCG(w.seed, 20261205))
	if rng.IntN(5) > 0 {
		return nil
	}
	return &registry{w: w, rng: rng, changes: w.now.Add(time.Duration(rng.IntN(12*60)) * time.Minute),
		told: map[*actor]map[string]post.Enrollment{}}
}

// of is how somebody is registered now.
func (r *registry) of(key string) post.Enrollment {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(key)) // a hash does not fail
	n := hash.Sum64() ^ r.w.seed
	states := []post.Enrollment{post.Registered, post.Registered, post.Exempt, post.NoMailbox, post.Unlisted}
	if n%3 == 0 && r.w.now.After(r.changes) {
		n /= 7
	}
	return states[n%uint64(len(states))]
}

// Enrollments implements post.Register.
func (r *registry) Enrollments(ctx context.Context, _ string,
	numbers []ident.Number) (map[string]post.Enrollment, error) {
	a := at(ctx, "look up")
	told := r.told[a]
	if told == nil {
		told = map[string]post.Enrollment{}
		r.told[a] = told
	}
	var err error
	switch r.rng.IntN(8) {
	case 0:
		err = post.ErrNoRegister
	case 1:
		err = errors.New("the register does not answer")
	}
	found := map[string]post.Enrollment{}
	for _, n := range numbers {
		told[n.Key()] = post.NotLookedUp
		if err == nil {
			found[n.Key()] = r.of(n.Key())
			told[n.Key()] = found[n.Key()]
		}
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

// askedAgain is property 8 for a letter that leaves for the first time (practice.md C5): whoever posts it has asked,
// and what was said is not another thing than in the review.
func (w *world) askedAgain(a *actor, l *post.Letter) {
	if w.register == nil || l.Reviewed == "" || l.Current() == nil || l.Current().Attempts > 1 || w.returned {
		return
	}
	switch is := w.register.told[a][l.Recipient.Key()]; {
	case is == "":
		w.violate(8, "%s left, and the register was not asked again", l.ID)
	case is != post.NotLookedUp && is != l.Reviewed:
		w.violate(8, "%s left for one who is not registered any more as in the review", l.ID)
	}
}

// heldForChange is property 8 for a letter that is held back: the register has said another thing than in the review,
// and nothing of it has left.
func (w *world) heldForChange(a *actor, l *post.Letter) {
	if len(w.post.letters[l.ID]) > 0 && !w.returned {
		w.violate(3, "%s is called unsent, and Digital Post has it", l.ID)
	}
	if is := w.register.told[a][l.Recipient.Key()]; is == "" || is == post.NotLookedUp || is == l.Reviewed {
		w.violate(8, "%s is held back, and nothing has changed since the review", l.ID)
	}
}

// answers is a register that a planted bug has got between.
type answers struct {
	post.Register
	change func(ctx context.Context, numbers []ident.Number, is map[string]post.Enrollment,
		err error) (map[string]post.Enrollment, error)
}

// Enrollments implements post.Register.
func (r answers) Enrollments(
	ctx context.Context,
	org string,
	n []ident.Number,
) (map[string]post.Enrollment, error) {
	is, err := r.Register.Enrollments(ctx, org, n)
	return r.change(ctx, n, is, err)
}

// everybody is what a register says that says the same of all.
func everybody(numbers []ident.Number, e post.Enrollment) map[string]post.Enrollment {
	all := map[string]post.Enrollment{}
	for _, n := range numbers {
		all[n.Key()] = e
	}
	return all
}

// constant says the same of everybody, and asks nobody.
type constant struct{}

// Enrollments implements post.Register.
func (constant) Enrollments(_ context.Context, _ string, n []ident.Number) (map[string]post.Enrollment, error) {
	return everybody(n, post.Registered), nil
}

// whileSending plants a bug in the register as whoever sends asks it: at work is a letter, and not a look-up.
func whileSending(bug func(post.Register) post.Register) func(*world, *worker) {
	return func(w *world, h *worker) {
		if w.register != nil {
			h.send.Register = bug(h.send.Register)
		}
	}
}

// slow changes what it says when the first letter leaves, so that many are held back, and lets whoever has asked stand
// still now and then.
type slow struct {
	post.Register
	w *world
}

// Enrollments implements post.Register.
func (s slow) Enrollments(ctx context.Context, org string, n []ident.Number) (map[string]post.Enrollment, error) {
	for _, l := range s.w.latest {
		if l.State == post.Sending && s.w.register.changes.After(s.w.now) {
			s.w.register.changes = s.w.now.Add(-time.Second)
		}
	}
	is, err := s.Register.Enrollments(ctx, org, n)
	if a, ok := ctx.Value(actorKey{}).(*actor); ok && s.w.rng.IntN(4) == 0 {
		s.w.freeze(a)
	}
	return is, err
}

// heedless stores an outcome as if nobody had begun its letter since.
type heedless struct{ post.AllLetters }

// ChangeRead implements post.AllLetters.
func (h heedless) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	began := map[post.LetterID]time.Time{}
	for _, l := range letters {
		began[l.ID] = l.Lease
	}
	return h.AllLetters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		lease := l.Lease
		l.Lease = began[l.ID]
		err := change(l)
		if l.Lease.Equal(began[l.ID]) {
			l.Lease = lease
		}
		return err
	})
}

var plantedRegister = map[string]plantedBug{
	"register-unasked": {8, "what the review knew stands for what the register says", whileSending(
		func(post.Register) post.Register { return constant{} })},
	"change-ignored": {8, "a letter leaves although the register says another thing now", whileSending(
		func(r post.Register) post.Register {
			return answers{r, func(_ context.Context, n []ident.Number, _ map[string]post.Enrollment, err error) (
				map[string]post.Enrollment, error) {
				return everybody(n, post.Registered), err
			}}
		})},
	"silence-holds": {8, "a register that does not answer holds letters back", whileSending(
		func(r post.Register) post.Register {
			return answers{r, func(_ context.Context, n []ident.Number, is map[string]post.Enrollment, err error) (
				map[string]post.Enrollment, error) {
				if err != nil {
					is = everybody(n, post.Unlisted)
				}
				return is, nil
			}}
		})},
	"held-late": {3, "a letter is held back that somebody else has begun since", func(w *world, h *worker) {
		h.send.Letters = heedless{h.send.Letters}
		if w.register != nil {
			h.send.Register = slow{h.send.Register, w}
		}
	}},
}
