package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"brevdue/internal/edge"
	"brevdue/internal/embedded"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// Serve runs the service until ctx ends, and says on out where it is.
func Serve(ctx context.Context, c Config, out io.Writer) error {
	listener, err := listen(c.Addr)
	if err != nil {
		return err
	}
	secure, err := c.tlsConfig()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	public, err := c.public(listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	inside := listener // the way for the simulator and the operator, who are on this machine
	if secure != nil {
		if inside, err = listen("127.0.0.1:0"); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	srv, err := build(c, base(inside.Addr()), public)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	srv.secure = secure
	if err := errors.Join(srv.openToOperator(), srv.printBanner(ctx, out)); err != nil {
		return errors.Join(err, listener.Close(), srv.close())
	}
	if err := srv.backend.Unreadable(ctx, srv.app.Unhandled().Poison); err != nil { // they come again at the next start
		slog.Error("unreadable messages", "error", err)
	}
	handler, err := srv.handler()
	if err != nil {
		return errors.Join(err, listener.Close(), srv.close())
	}
	listeners := []net.Listener{listener}
	if secure != nil {
		listeners = append(listeners, inside)
	}
	return explain(errors.Join(srv.run(ctx, handler, listeners...), srv.close()), c.Data)
}

// listen takes an address, and says in the user's words why it cannot.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, sentence.Of("address-in-use", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, sentence.Of("address-forbidden", addr)
	case err != nil:
		return nil, errors.Join(sentence.Of("address-unusable", addr), err)
	}
	return l, nil
}

// stopWithin is how long requests may take to finish at the end.
const stopWithin = 2 * time.Second

// run serves and works until ctx ends. Workers finish the jobs that they have begun. What ends by itself ends all, and
// is the error.
func (srv *server) run(ctx context.Context, handler http.Handler, listeners ...net.Listener) error {
	ctx, whole := srv.untilBroken(ctx)
	defer whole()
	ctx, end := context.WithCancel(ctx)
	defer end()
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	connections := edge.NewConnections(edge.LimitsOfMachine(), srv.proxies)
	server := &http.Server{
		Handler:           srv.slow.Keep(handler),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    headerLimit,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ConnState:         connections.State,
		ConnContext:       connections.Context,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
		TLSConfig:         srv.secure,
	}
	served, worked := make(chan error, len(listeners)), make(chan error, 1)
	for i, l := range listeners {
		go func() {
			defer end()
			if srv.secure != nil && i == 0 {
				served <- server.ServeTLS(connections.Listen(l), "", "")
				return
			}
			served <- server.Serve(connections.Listen(l))
		}()
	}
	go func() {
		defer end()
		worked <- srv.work(ctx)
	}()
	<-ctx.Done()
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer done()
	time.AfterFunc(stopWithin/2, cancel)
	if server.Shutdown(stop) != nil {
		_ = server.Close() // whoever still hangs on was given time
	}
	cancel()
	var err error
	for range listeners {
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}
	if cause := srv.backend.Cause(); cause != nil {
		err = errors.Join(err, cause)
	}
	return errors.Join(err, <-worked)
}

// headerLimit bounds the header of a request.
const headerLimit = 32 << 10

// work does everything that is not asked for by a request, until ctx ends. A panic ends all of it.
func (srv *server) work(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	p := srv.config.Timings
	var wg sync.WaitGroup
	for _, do := range []func() error{
		func() error { return srv.backend.Work(ctx, srv.jobs()...) },
		func() error { return embedded.Every(ctx, p.Poll, srv.app.WhileOpen(srv.app.Receipt().PullAll)) },
		func() error { return embedded.Every(ctx, p.Sweep, srv.app.Sweep().Run) },
		func() error { return embedded.Every(ctx, workflow.BeatEvery, srv.app.heart().Beat) },
		func() error { return embedded.Every(ctx, p.Sweep, srv.app.WhileOpen(srv.app.pollInbox)) },
		func() error { return embedded.Every(ctx, p.Sweep, srv.app.WhileOpen(srv.app.Notify().Run)) },
		func() error { return embedded.Every(ctx, p.Sweep, srv.app.WhileOpen(srv.app.MailCodes)) },
	} {
		wg.Go(func() {
			if err := do(); err != nil {
				end(err)
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// handler joins API and portal that speak HTTP, behind the checks that hold for all of them.
func (srv *server) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	srv.mount(mux)
	mux.Handle("/v1/", srv.app.API())
	pages, err := srv.app.Portal()
	if err != nil {
		return nil, err
	}
	mux.Handle("/", pages)
	hosts := srv.hosts()
	known := OnlyHosts(func(*http.Request) []string { return hosts }, mux)
	return edge.Caught(Reference, internalError, srv.proxies.Follow(known)), nil
}

// hosts are the Host headers that are answered.
func (srv *server) hosts() []string {
	var hosts []string
	for _, address := range []string{srv.base, srv.public} {
		_, own, _ := strings.Cut(address, "://")
		hosts = append(hosts, own)
		if _, port, err := net.SplitHostPort(own); err == nil {
			hosts = append(hosts, "localhost:"+port, "127.0.0.1:"+port, "[::1]:"+port)
		}
	}
	return append(hosts, srv.config.Hosts...)
}

// internalError is what is answered where a handler broke down.
func internalError(name string) string { return texts.Say("internal-error", name) }
