package app

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"brevdue/internal/aws/trigger"
	"brevdue/internal/post"
	"brevdue/internal/remote/oidc"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// callWhileSomebodyWaits is how long a call to Digital Post may take while somebody waits for a page or an answer: the
// gateway gives up after 30 seconds, and Lambda after 29.
const callWhileSomebodyWaits = 8 * time.Second

// openWeb connects what API and portal stand on: files, queues and Digital Post.
func openWeb(e *Env) *function {
	// A message that nobody understood goes back to any of the queues.
	fn := open(e).links().queues(post.WorkQueues...)
	fn.Timings.Call = min(fn.Timings.Call, callWhileSomebodyWaits)
	fn = fn.channel()
	fn.SignOn = oidc.New()
	fn.Public = e.optional("SECOND_FACTOR") != "false"
	fn.UploadLimit, fn.withoutDigitalPost = e.number("UPLOAD_LIMIT_MB")<<20, true
	// To say that nothing leaves.
	fn.Restored = store.Restorations{Store: fn.Store, Table: fn.table, Fingerprint: fn.fingerprint}
	return fn
}

// Upload is the function of the API.
func Upload(e *Env) lambda.Handler {
	fn := openWeb(e)
	return e.serve(trigger.HTTP(fn.serving("/v1/", func() (http.Handler, error) { return fn.API(), nil })))
}

// Portal is the function of the pages.
func Portal(e *Env) lambda.Handler {
	fn := openWeb(e)
	fn.Version, fn.FilesOrigin = e.optional("VERSION"), e.text("FILES_ORIGIN")
	fn.StatusPage = e.optional("STATUS_PAGE") == "true"
	if fn.aws.BaseEndpoint != nil { // an endpoint of one's own, as in tests
		fn.FilesOrigin = *fn.aws.BaseEndpoint
	}
	return e.serve(trigger.HTTP(fn.serving("/", fn.App.Portal)))
}

// Receipt is the function that fetches receipts, asks for missing ones, and takes those that are pushed.
func Receipt(e *Env) lambda.Handler {
	fn := open(e).queues(post.SendQueue.Dead(), post.ArchiveQueue).channel()
	pull := fn.whenPrepared(func(ctx context.Context) (bool, error) { return fn.App.Receipt().PullAll(ctx) })
	push := trigger.HTTP(fn.serving("/v1/receipts", func() (http.Handler, error) {
		fn.PushToken = fn.built.PushToken // here alone: the API that everybody reaches takes no receipts
		return fn.API(), nil
	}))
	asked := trigger.Jobs(fn.handled(func() workflow.Handler { return fn.App.Receipt().Ask }))
	return e.serve(trigger.AnyOf(push, asked, trigger.Again(e.seconds("PAUSE"), within, pull)))
}

// serving makes the handler when the secrets are there, and puts the checks before it that hold for all of them. Only
// requests for the host name of the gateway itself are answered.
func (fn *function) serving(
	prefix string,
	handler func() (http.Handler, error),
) func(context.Context) (http.Handler, error) {
	var mu sync.Mutex
	var made http.Handler
	var with any
	return func(ctx context.Context) (http.Handler, error) {
		if err := fn.prepare(ctx); err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		if made != nil && with == any(fn.built) {
			return made, nil
		}
		inside, err := handler()
		if err != nil {
			return nil, err
		}
		mux := http.NewServeMux()
		mux.HandleFunc(
			"GET /healthz",
			func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") },
		)
		mux.Handle(prefix, inside)
		made, with = secure(OnlyHosts(gateway, mux)), fn.built
		return made, nil
	}
}

// gateway returns the name under which API Gateway, or a function URL, took the request.
func gateway(r *http.Request) []string { return []string{trigger.Domain(r.Context())} }

// secure tells API and portal that the browser spoke TLS: the gateway ends it.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := r.Header.Get("Host"); host != "" {
			r.Host = host
		}
		switch {
		case r.Header.Get("X-Forwarded-Proto") == "https":
			r.TLS = &tls.ConnectionState{}
		case r.RemoteAddr == "": // LocalStack, which is on this machine: AWS takes no request without TLS and a source
			r.RemoteAddr = "127.0.0.1"
		}
		next.ServeHTTP(w, r)
	})
}
