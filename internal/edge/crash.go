package edge

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

// Caught turns a panic of a handler into an answer with a reference. Where an answer has begun, the connection is cut:
// half an answer must not pass for a whole one.
func Caught(reference func(*http.Request, error) string, say func(name string) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &begun{ResponseWriter: w}
		defer func() {
			x := recover()
			if x == nil {
				return
			}
			err, _ := x.(error)
			if errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			name := reference(r, fmt.Errorf("panic: %v\n%s", x, debug.Stack()))
			if answer.yes {
				panic(http.ErrAbortHandler)
			}
			http.Error(w, say(name), http.StatusInternalServerError)
		}()
		next.ServeHTTP(answer, r)
	})
}

// begun knows whether an answer has begun.
type begun struct {
	http.ResponseWriter
	yes bool
}

// Unwrap is for http.ResponseController.
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// WriteHeader begins the answer.
func (b *begun) WriteHeader(status int) {
	b.yes = true
	b.ResponseWriter.WriteHeader(status)
}

// Write begins the answer.
func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}
