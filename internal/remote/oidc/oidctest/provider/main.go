// Command provider is an OpenID provider for the tests in a browser: PORT REDIRECT NAME=ROLE...
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"brevdue/internal/remote/oidc/oidctest"
)

func main() {
	port, redirect := os.Args[1], os.Args[2]
	p, handler := oidctest.At("http://localhost:"+port, redirect)
	p.With(os.Args[3:]...)
	fmt.Println("listening at", p.URL)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, handler))
}
