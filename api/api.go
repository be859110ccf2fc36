// Package api is the contract with programs: openapi.yaml, written by hand, and held against the routes and answers of
// internal/api by its tests.
package api

import _ "embed"

// OpenAPI is the contract, as GET /v1/openapi.yaml answers with it.
//
//go:embed openapi.yaml
var OpenAPI []byte
