// Faults stands between the functions and what they reach, LocalStack and Digital Post's simulator, and fails some of
// their calls while it is told to: half of them before they get there, half of them on the way back.
//
//	faults -to http://127.0.0.1:4566 -addr 127.0.0.1:4567 -control 127.0.0.1:4568
//	curl -X PUT http://127.0.0.1:4568/?oneIn=20        0 fails nothing
package main

import (
	"flag"
	"net/http"
	"strings"
)

func main() {
	const usual = "127.0.0.1:4567=http://127.0.0.1:4566,127.0.0.1:8091=http://127.0.0.1:8090"
	pairs := flag.String("pairs", usual, "where it listens, and where that leads")
	at := flag.String("control", "127.0.0.1:4568", "where it is told how many calls fail")
	flag.Parse()
	for pair := range strings.SplitSeq(*pairs, ",") {
		listen, to, _ := strings.Cut(pair, "=")
		go serve(listen, before(proxy(to)))
	}
	serve(*at, http.HandlerFunc(control))
}
