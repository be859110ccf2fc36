package app

import (
	"context"
	"errors"
	"path/filepath"

	"brevdue/internal/embedded"
	"brevdue/internal/seal"
	"brevdue/internal/sentence"
)

// fault is what is wrong with a data folder, in an operator's words. It says what can be done.
type fault struct {
	text  sentence.Sentence
	cause error
}

func (f *fault) Error() string { return f.text.Error() }

func (f *fault) Unwrap() error { return f.cause }

// Sentence is what an operator reads of it.
func (f *fault) Sentence() sentence.Sentence { return f.text }

// explain tells an operator what is wrong with a data folder. Other errors stay as they are.
func explain(err error, data string) error {
	file := filepath.Join(data, "brevdue.db")
	var key *embedded.MasterKeyError
	switch {
	case errors.As(err, &key):
		return &fault{aboutMasterKey(key, data), err}
	case errors.Is(err, embedded.ErrBroken):
		return &fault{sentence.Of("database-damaged", file, data), err}
	case errors.Is(err, embedded.ErrDisk):
		return &fault{sentence.Of("disk-failed", file), err}
	case errors.Is(err, embedded.ErrNoDatabase):
		return &fault{sentence.Of("database-missing", file, data), err}
	case errors.Is(err, embedded.ErrBusy):
		return &fault{sentence.Of("database-in-use", data), err}
	}
	return err
}

// aboutMasterKey says what is the matter with a master key.
func aboutMasterKey(key *embedded.MasterKeyError, data string) sentence.Sentence {
	switch {
	case key.File == "":
		return sentence.Of("master-key-needed")
	case errors.Is(key, embedded.ErrNoMasterKey):
		return sentence.Of("master-key-missing", key.File, data)
	case errors.Is(key, seal.ErrWrongKey):
		return sentence.Of("master-key-wrong", key.File, data)
	case errors.Is(key, seal.ErrNoKey):
		return sentence.Of("master-key-none", key.File)
	}
	return sentence.Of("master-key-unreadable", key.File)
}

// untilBroken returns a context that ends when the table's file is found broken: nothing more may be done with it.
func (srv *server) untilBroken(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-srv.backend.Broken():
			cancel(srv.backend.Cause())
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}
