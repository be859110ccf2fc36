package cloud

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"

	"brevdue/internal/aws/trigger"
	"brevdue/internal/post"
	"brevdue/internal/wire/house"
)

// counter connects what both rooms stand on: files, queues and Digital Post.
func counter(e *Env) *home {
	h := open(e).links().queues(post.WorkQueues...).channel() // a message that nobody understood goes back to any of them
	h.UploadLimit, h.soft = e.number("UPLOAD_LIMIT_MB")<<20, true
	return h
}

// Upload is the function of the API.
func Upload(e *Env) lambda.Handler {
	h := counter(e)
	return e.serve(trigger.HTTP(h.behind("/v1/", func() (http.Handler, error) { return h.API(), nil })))
}

// Portal is the function of the pages.
func Portal(e *Env) lambda.Handler {
	h := counter(e)
	h.Version, h.FilesOrigin = e.optional("VERSION"), e.text("FILES_ORIGIN")
	if h.aws.BaseEndpoint != nil { // an endpoint of one's own, as in tests
		h.FilesOrigin = *h.aws.BaseEndpoint
	}
	return e.serve(trigger.HTTP(h.behind("/", h.House.Portal)))
}

// Receipt is the function that fetches receipts, asks for missing ones, and takes those that are pushed.
func Receipt(e *Env) lambda.Handler {
	h := open(e).queues(post.SendQueue.Dead(), post.ArchiveQueue).channel()
	pull := h.entered(func(ctx context.Context) (bool, error) { return h.House.Receipt().Pull(ctx) })
	push := trigger.HTTP(h.behind("/v1/receipts", func() (http.Handler, error) {
		h.PushToken = h.known.PushToken // here alone: the API that everybody reaches takes no receipts
		return h.API(), nil
	}))
	asked := trigger.Errands(h.handled(func() post.Handler { return h.House.Receipt().Ask }))
	return e.serve(trigger.AnyOf(push, asked, trigger.Again(e.seconds("PAUSE"), within, pull)))
}

// behind makes the room when the house has been entered, and puts the checks before it that hold for all of them. The
// names that are answered are those that the gateway itself goes by.
func (h *home) behind(prefix string, room func() (http.Handler, error)) func(context.Context) (http.Handler, error) {
	var mu sync.Mutex
	var made http.Handler
	var with any
	return func(ctx context.Context) (http.Handler, error) {
		if err := h.enter(ctx); err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		if made != nil && with == any(h.known) {
			return made, nil
		}
		inside, err := room()
		if err != nil {
			return nil, err
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
		mux.Handle(prefix, inside)
		made, with = secure(house.KnownHosts(gateway, mux)), h.known
		return made, nil
	}
}

// gateway returns the name under which API Gateway, or a function URL, took the request.
func gateway(r *http.Request) []string { return []string{trigger.Domain(r.Context())} }

// secure tells the rooms that the browser spoke TLS: the gateway ends it.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := r.Header.Get("Host"); host != "" {
			r.Host = host
		}
		if r.Header.Get("X-Forwarded-Proto") == "https" {
			r.TLS = &tls.ConnectionState{}
		}
		next.ServeHTTP(w, r)
	})
}
