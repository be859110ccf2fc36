package api

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"

	openapi "brevdue/api"
)

// contractOf reads openapi.yaml once.
var contractOf = sync.OnceValues(func() (validator.Validator, []error) {
	document, err := libopenapi.NewDocument(openapi.OpenAPI)
	if err != nil {
		return nil, []error{err}
	}
	return validator.NewValidator(document)
})

// TestContractIsOpenAPI: the contract is a valid OpenAPI 3.1 document, and whoever has no key can read it.
func TestContractIsOpenAPI(t *testing.T) {
	v, errs := contractOf()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, errs := v.ValidateDocument(); !ok {
		t.Errorf("%v", reasons(errs))
	}
	w := httptest.NewRecorder()
	newTestAPI(t).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/openapi.yaml", nil))
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), openapi.OpenAPI) {
		t.Errorf("it is answered with %d", w.Code)
	}
}

// TestRoutesAreTheContracts: each route stands in the contract, and each operation of the contract has a route.
func TestRoutesAreTheContracts(t *testing.T) {
	document, err := libopenapi.NewDocument(openapi.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	model, errs := document.BuildV3Model()
	if errs != nil {
		t.Fatal(errs)
	}
	var described, routed []string
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method := range item.GetOperations().FromOldest() {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	a := newTestAPI(t).API
	for pattern := range a.routes() {
		routed = append(routed, pattern)
	}
	for pattern := range a.people() {
		routed = append(routed, pattern)
	}
	for pattern := range a.operations() {
		routed = append(routed, pattern)
	}
	for pattern := range a.others() {
		routed = append(routed, pattern)
	}
	for _, r := range routed {
		if !slices.Contains(described, r) {
			t.Errorf("%s does not stand in openapi.yaml", r)
		}
	}
	for _, d := range described {
		if !slices.Contains(routed, d) {
			t.Errorf("%s stands in openapi.yaml, and has no route", d)
		}
	}
}

// kept holds a request and its answer against the contract. What the API has refused may be as wrong as it likes; what
// it has taken must be as the contract says.
func kept(t *testing.T, q *http.Request, body []byte, w *httptest.ResponseRecorder) {
	t.Helper()
	v, errs := contractOf()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if w.Code == http.StatusNotFound && w.Header().Get("Content-Type") == "application/problem+json" {
		return // there may be no such path
	}
	again := q.Clone(q.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	if again.Header.Get("Content-Type") == "" {
		again.Header.Set("Content-Type", "application/json")
	}
	if w.Code < 400 && len(bytes.TrimSpace(body)) > 0 {
		if ok, errs := v.ValidateHttpRequestSync(again); !ok {
			t.Errorf("%s %s was taken, and is not in the contract: %v", q.Method, q.URL, reasons(errs))
		}
	}
	again.Body = io.NopCloser(bytes.NewReader(body))
	if ok, errs := v.ValidateHttpResponse(again, w.Result()); !ok {
		t.Errorf("%s %s is answered with %d, and not as the contract says: %v", q.Method, q.URL, w.Code, reasons(errs))
	}
}

func reasons(errs []*errors.ValidationError) []string {
	var all []string
	for _, e := range errs {
		all = append(all, e.Message+": "+e.Reason)
		for _, s := range e.SchemaValidationErrors {
			all = append(all, s.Reason+" at "+s.FieldPath)
		}
	}
	return all
}
