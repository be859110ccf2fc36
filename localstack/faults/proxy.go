package main

import (
	"fmt"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

var oneIn, failed atomic.Int64

// happens reports whether this half of a call fails.
func happens() bool {
	n := oneIn.Load()
	if n == 0 || rand.Int64N(2*n) > 0 {
		return false
	}
	failed.Add(1)
	return true
}

func proxy(to string) http.Handler {
	u, err := url.Parse(to)
	if err != nil {
		log.Fatal(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(u)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if happens() {
				return fmt.Errorf("the answer is lost")
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		ErrorLog:     log.New(&strings.Builder{}, "", 0),
	}
}

// before fails calls that never get there.
func before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if happens() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func control(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		n, err := strconv.ParseInt(r.URL.Query().Get("oneIn"), 10, 64)
		if err != nil || n < 0 {
			http.Error(w, "oneIn", http.StatusBadRequest)
			return
		}
		oneIn.Store(n)
	}
	fmt.Fprintln(w, failed.Load())
}

func serve(at string, h http.Handler) { log.Fatal(http.ListenAndServe(at, h)) }
