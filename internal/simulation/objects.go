package simulation

import (
	"context"
	"fmt"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal/letters"
)

// objects are the files as the functions see them.
type objects struct {
	posttest.MemoryObjects
	w *world
}

// newSecret draws what the keys of a Send's letters are made of: another one each time, and no chance of the run's.
func (w *world) newSecret() post.Secret {
	w.secrets++
	return post.Secret(fmt.Sprint("drawn ", w.secrets))
}

// opened is a file of a letter's as it was stored.
func (w *world) opened(l *post.Letter, o post.Object) ([]byte, error) {
	content, _, err := letters.Objects{Stored: &w.objects.MemoryObjects}.Open(context.Background(), l.Own(o))
	return content, err
}

// before is an error that happens before anything is done.
func (o *objects) before(ctx context.Context, port string) error {
	if at(ctx, port) != nil && o.w.either("objects", ObjectNotPut, 120) {
		return errService
	}
	return nil
}

// after is an answer that says error though all is done.
func (o *objects) after(ctx context.Context, err error) error {
	if err == nil && ctx.Value(actorKey{}) != nil && o.w.chance(ObjectPut, 120) {
		return errTimedOut
	}
	return err
}

// Put implements post.Objects.
func (o *objects) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	if err := o.before(ctx, "put"); err != nil {
		return nil, err
	}
	for _, f := range files {
		o.w.mustNotName(7, "an object's key", f.Key)
	}
	stored, err := o.MemoryObjects.Put(ctx, files...)
	return stored, o.after(ctx, err)
}

// Open implements post.Objects.
func (o *objects) Open(ctx context.Context, object post.Object) ([]byte, func(), error) {
	if err := o.before(ctx, "open"); err != nil {
		return nil, nil, err
	}
	return o.MemoryObjects.Open(ctx, object)
}

// Copy implements post.Objects.
func (o *objects) Copy(ctx context.Context, from post.Object, key string, disposal time.Time) (post.Object, error) {
	if err := o.before(ctx, "copy"); err != nil {
		return post.Object{}, err
	}
	o.w.mustNotName(7, "an object's key", key)
	copied, err := o.MemoryObjects.Copy(ctx, from, key, disposal)
	return copied, o.after(ctx, err)
}

// Has implements post.Objects.
func (o *objects) Has(ctx context.Context, key string) (bool, error) {
	if err := o.before(ctx, "has"); err != nil {
		return false, err
	}
	return o.MemoryObjects.Has(ctx, key)
}

// First implements post.Objects.
func (o *objects) First(ctx context.Context, key string) (post.Object, error) {
	if err := o.before(ctx, "first"); err != nil {
		return post.Object{}, err
	}
	return o.MemoryObjects.First(ctx, key)
}

// Release implements post.Objects.
func (o *objects) Release(ctx context.Context, keys ...string) error {
	if err := o.before(ctx, "release"); err != nil {
		return err
	}
	return o.after(ctx, o.MemoryObjects.Release(ctx, keys...))
}

// outlines keep what a split found. Packing it has tests of its own (store), and took a fifteenth of a run.
type outlines struct{ w *world }

// PutOutline implements post.Outlines.
func (o outlines) PutOutline(ctx context.Context, _ *post.Shipment, outline *post.Outline) (string, error) {
	if at(ctx, "put outline") != nil && o.w.chance(TableThrottled, 80) {
		return "", errThrottled
	}
	o.w.outline = outline
	return "of the document", nil
}

// Outline implements post.Outlines.
func (o outlines) Outline(context.Context, *post.Shipment) (*post.Outline, error) {
	return o.w.outline, nil
}
