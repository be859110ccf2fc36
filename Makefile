# Brevdue. `make run` starts it, `make test` tests it; see README.md.
SHELL   := /bin/bash
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
SERVE   ?=

.PHONY: functions run build portal test check bench bench-store clean

run: build
	@exec bin/brevdue serve $(SERVE)

build: portal
	@go build -ldflags '$(LDFLAGS)' -o bin/brevdue ./cmd/brevdue

# The portal's files from npm. Without npm the portal starts plainer.
portal: internal/portal/static/npm/dkfds.css

internal/portal/static/npm/dkfds.css: internal/portal/npm/package-lock.json internal/portal/npm/pack.mjs
	@if command -v npm >/dev/null; then \
	  (cd internal/portal/npm && npm ci --silent --no-progress && node pack.mjs && touch ../static/npm/dkfds.css) \
	  || echo "npm did not answer: the portal starts without the design system"; \
	else echo "npm is not here: the portal starts without the design system"; fi

# Functions for AWS, one folder each under build/.
FUNCTIONS := $(notdir $(wildcard functions/*))
ARCH      ?= arm64
functions: build
	@for f in $(FUNCTIONS); do CGO_ENABLED=0 GOOS=linux GOARCH=$(subst x86_64,amd64,$(ARCH)) \
	  go build -trimpath -tags lambda.norpc -ldflags '-s -w' -o build/$$f/bootstrap ./functions/$$f || exit 1; done

test:
	go test ./...

check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...
	@go tool govulncheck ./... || echo "govulncheck could not finish here (its data base must be reachable)"
	$(MAKE) test

bench: build
	@go build -o bin/bench ./internal/bench
	@bin/bench $(BENCH)

# bbolt and SQLite on our access pattern (docs/decisions/0002-store.md).
bench-store:
	cd docs/decisions/bench-store && GOWORK=off go test -bench . -benchtime 2s -count 3

clean:
	rm -rf bin internal/portal/static/npm internal/portal/npm/node_modules
