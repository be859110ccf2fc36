package simulation

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"brevdue/internal/post"
)

// actor is a function at work, or a person who has pressed something. It runs until it calls a port; there it stands
// still until the scheduler lets it go on.
type actor struct {
	w         *world
	name      string
	coroutine *coroutine
	skew      time.Duration
	thaws     time.Time
	ended     func(died bool)
	began     int // at which step

	called, before int           // the steps of its last two calls of a port
	froze          bool          // it has stood still for long
	acts           []post.Action // that it has put into the audit log
}

type actorKey struct{}

// start brings an actor to its first call at the next step.
func (w *world) start(name string, do func(context.Context, *actor), ended func(died bool)) {
	a := &actor{w: w, name: name, skew: w.skew(), ended: ended, began: w.steps}
	ctx := context.WithValue(context.Background(), actorKey{}, a)
	a.coroutine = w.workers.get()
	a.coroutine.actor = a
	a.coroutine.do = func() {
		defer func() {
			if x := recover(); x != nil {
				w.violate(9, "%s panics: %v\n%s", name, x, debug.Stack())
			}
		}()
		do(ctx, a)
	}
	for _, other := range w.actors {
		if other.name == name {
			w.count(FunctionTwice)
			break
		}
	}
	w.actors = append(w.actors, a)
	w.note("%s starts", name)
}

// at is where an actor meets the world. What is outside of a run (the checks, the setting up) goes straight on.
func at(ctx context.Context, port string) *actor {
	a, _ := ctx.Value(actorKey{}).(*actor)
	if a == nil {
		return nil
	}
	if a.w.tracing {
		a.w.note("%s: %s", a.name, port)
	}
	if !a.coroutine.yield(false) {
		runtime.Goexit() // it has died here
	}
	a.before, a.called = a.called, a.w.steps
	return a
}

// now is an actor's own clock, in Danish time.
func (a *actor) now() time.Time { return a.w.now.Add(a.skew).In(a.w.zone) }

// step lets an actor go on to its next call.
func (w *world) step(a *actor) {
	if done, _ := a.coroutine.next(); done {
		w.workers.put(a.coroutine)
		w.remove(a)
		w.note("%s is done", a.name)
		a.ended(false)
	}
}

// die ends an actor where it stands. Goexit in it would end whoever stops it, so that is a goroutine of its own.
func (w *world) die(a *actor) {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		a.coroutine.stop()
	}()
	<-gone
	w.remove(a)
	w.note("%s dies", a.name)
	a.ended(true)
}

func (w *world) remove(a *actor) {
	w.actors = slices.DeleteFunc(w.actors, func(other *actor) bool { return other == a })
}

// clean ends whoever is still there.
func (w *world) clean() {
	for len(w.actors) > 0 {
		a := w.actors[0]
		a.ended = func(bool) {}
		w.die(a)
	}
}

func (w *world) note(format string, args ...any) {
	if w.tracing {
		line := w.now.Format("02 15:04:05.000 ") + fmt.Sprintf(format, args...)
		w.history = append(w.history, line)
	}
}
