package machine

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"brevdue/internal/embedded"
	"brevdue/internal/wire/house"
)

// Serve runs the service until ctx ends, and says on out where it is.
func Serve(ctx context.Context, c Config, out io.Writer) error {
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	h, err := build(c, base(listener.Addr()))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := h.welcome(ctx, out); err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	handler, err := h.handler()
	if err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	return errors.Join(h.run(ctx, listener, handler), h.close())
}

// stopWithin is how long requests may take to finish at the end.
const stopWithin = 2 * time.Second

// run serves and works until ctx ends. Workers finish what they have in hand.
func (h *home) run(ctx context.Context, listener net.Listener, handler http.Handler) error {
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return requests },
		ErrorLog:    slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var wg sync.WaitGroup
	wg.Go(func() { h.home.Work(ctx, h.jobs()...) })
	wg.Go(func() { embedded.Every(ctx, h.config.Pace.Poll, h.house.Open(h.house.Receipt().Pull)) })
	wg.Go(func() { embedded.Every(ctx, h.config.Pace.Sweep, h.house.Sweep().Run) })
	wg.Go(func() { embedded.Every(ctx, h.config.Pace.Sweep, h.house.Open(h.house.Inbox().Poll)) })
	wg.Go(func() { embedded.Every(ctx, h.config.Pace.Sweep, h.house.Open(h.house.Notify().Run)) })
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer done()
	time.AfterFunc(stopWithin/2, cancel)
	if server.Shutdown(stop) != nil {
		_ = server.Close() // whoever still hangs on was given time
	}
	cancel()
	wg.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// handler joins the rooms that speak HTTP, behind the checks that hold for all of them.
func (h *home) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	h.mount(mux)
	mux.Handle("/v1/", h.house.API())
	pages, err := h.house.Portal()
	if err != nil {
		return nil, err
	}
	mux.Handle("/", pages)
	hosts := h.hosts()
	return house.KnownHosts(func(*http.Request) []string { return hosts }, mux), nil
}

// hosts are the Host headers that are answered.
func (h *home) hosts() []string {
	own := h.base[len("http://"):]
	_, port, _ := net.SplitHostPort(own)
	hosts := []string{own, "localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port}
	return append(hosts, h.config.Hosts...)
}
