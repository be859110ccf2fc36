# Brevdue. `make run` starts it, `make test` tests it; see README.md.
SHELL   := /bin/bash
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
SERVE   ?=

.PHONY: figures sizes simulate slow keycloak load load-localstack soak localstack test-localstack cost bench-cold lint-template deploy destroy functions run build portal test check bench bench-all bench-portal bench-archive bench-split bench-review bench-memo corpus same bench-store test-browser clean

run: build
	@exec bin/brevdue serve $(SERVE)

build: portal
	@go build -tags lambda.norpc -ldflags '$(LDFLAGS)' -o bin/brevdue ./cmd/brevdue

# Writing and reading messages of 1 KB, 1 MB and 70 MB beside nothing but base64, and the memory it takes.
bench-memo:
	@go run ./internal/bench/memo

# The portal's files from npm. Without npm the portal starts plainer.
portal: internal/portal/static/npm/dkfds.css

internal/portal/static/npm/dkfds.css: internal/portal/npm/package-lock.json internal/portal/npm/pack.mjs $(wildcard internal/portal/pages/*.html)
	@if command -v npm >/dev/null; then \
	  (cd internal/portal/npm && npm ci --silent --no-progress --fetch-timeout=60000 && node pack.mjs && touch ../static/npm/dkfds.css) \
	  || echo "npm did not answer: the portal starts without the design system"; \
	else echo "npm is not here: the portal starts without the design system"; fi

# Functions for AWS, one folder each under build/.
FUNCTIONS := $(notdir $(wildcard functions/*))
ARCH      ?= arm64
functions: build
	@for f in $(FUNCTIONS); do CGO_ENABLED=0 GOOS=linux GOARCH=$(subst x86_64,amd64,$(ARCH)) \
	  go build -trimpath -tags lambda.norpc -ldflags '-s -w' -o build/$$f/bootstrap ./functions/$$f || exit 1; done

test:
	go test -timeout 30m ./...

check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...
	@go tool govulncheck ./... || echo "govulncheck could not finish here (its data base must be reachable)"
	$(MAKE) test

# The same way on AWS's services, on this machine: LocalStack, the simulator, the stack. Ctrl-C stops it.
localstack:
	@localstack/run.sh

# Never from go test's cache: it does not know that LocalStack is a new one. The AWS adapters' contract tests, every story through the functions, and what only a cloud does.
test-localstack:
	localstack/run.sh bash -c 'go test -count 1 -p 1 ./internal/aws/... && go test -count 1 ./internal/app -run TestArchiveLocalStack && go test -count 1 -timeout 30m ./stories -run TestOnAWS'

# What a letter costs on AWS, counted in a shipment of 500.
cost:
	@localstack/run.sh go test -count 1 -timeout 20m ./stories -run 'TestOnAWS/shipment' -v | grep -v '^\(=== \|--- \|PASS\|ok \)'

# From the start of a function's process to its first request for work.
bench-cold:
	@$(MAKE) --no-print-directory functions ARCH=$(shell uname -m)
	@go run ./internal/bench/cold $(FUNCTIONS:%=build/%/bootstrap)

# How large the functions are, as they are deployed; fails when one is too large.
sizes: functions
	@go run ./internal/bench/sizes $(FUNCTIONS:%=build/%/bootstrap)

# How long functions and files are, how much of them is comment, how wide and how deep: of this tree, or DIR=another.
figures:
	@go run ./internal/bench/figures $(DIR)

# The whole way under a seeded scheduler with faults: make simulate N=10000000, make simulate PLANT=all, make simulate SEED=17.
simulate:
	@go run ./internal/simulation/simulate -n $(or $(N),$(if $(SEED),1,$(if $(PLANT),100000,100000))) -seed $(or $(SEED),0) -plant '$(PLANT)'

# 10,000 letters while 5 % of all calls fail, and a single letter beside 20,000 of somebody else's.
load:
	BREVDUE_LOAD=10000 BREVDUE_FAIRNESS=20000 go test -count 1 -timeout 30m ./internal/app -run 'Load|Fair' -v | grep -v '^time='

# 500 letters on LocalStack while 5 % of all calls of the functions fail.
load-localstack:
	BREVDUE_FAULTS=1 localstack/run.sh go test -count 1 -timeout 30m ./stories -run TestFaultsOnAWS -v

# An hour at a steady rate, with kill -9 in every shipment.
soak:
	BREVDUE_SOAK=$(or $(FOR),1h) go test -count 1 -timeout 0 ./stories -run TestSoak -v

# What takes longer than CI may, once per issue: every planted bug by random runs, and half an hour of soak.
slow:
	BREVDUE_CRASHES=20000 go test -count 1 -timeout 2h ./internal/wal -run Crash
	$(MAKE) simulate PLANT=all N=40000
	$(MAKE) keycloak
	$(MAKE) soak FOR=$(or $(FOR),30m)

# The organization's own log-in against Keycloak, from Maven Central.
keycloak:
	@internal/remote/oidc/oidctest/keycloak/run.sh go test -count 1 ./internal/remote/oidc -run Keycloak -v

lint-template:
	@test -x .localstack/lint/bin/cfn-lint || { python3 -m venv .localstack/lint && .localstack/lint/bin/pip install -q cfn-lint==1.51.0; }
	.localstack/lint/bin/cfn-lint infra/template.yaml

# make deploy STAGE=prod PARAMETERS='Domain=post.kommune.dk …'
deploy:
	@infra/deploy.sh $(STAGE) $(PARAMETERS)

destroy:
	@infra/destroy.sh $(STAGE)

bench: build
	@go build -o bin/bench ./internal/bench
	@bin/bench $(BENCH)

# Each page of the portal while 10,000 letters are on their way, with 10,000 shipments on disk.
bench-portal: build
	@go build -o bin/bench ./internal/bench
	@bin/bench portal $(BENCH)

# Searches in an archive of 100,000 letters on one machine.
bench-archive:
	@mkdir -p build && go build -o bin/bench ./internal/bench
	@bin/bench archive $(BENCH)

# Every figure that has a bar (internal/bench/bars), beside it; not zero where one is not met. Some 20 minutes.
bench-all: build corpus
	@set -o pipefail; { $(MAKE) --no-print-directory bench-split SPLIT_FILES="$(SPLIT_FILES) $$(echo build/corpus/*.pdf)" && \
	  $(MAKE) --no-print-directory bench BENCH='-runs 3 -letters 1000,10000' && \
	  $(MAKE) --no-print-directory bench BENCH='-runs 1 -letters 100000' && \
	  $(MAKE) --no-print-directory bench-portal; } | tee build/bench-all.txt
	@! grep 'NOT MET' build/bench-all.txt

# Reading and splitting beside pdftotext, qpdf and pdfcpu: CPU seconds and memory, on files of 100, 1,000 and 10,000 pages.
SPLIT_FILES ?= $(wildcard $(addprefix ../shared/corpus/,chromium-100.pdf weasyprint-100.pdf raw-fpdf-100.pdf groff-gs-100.pdf libreoffice-fodt-100.pdf groff-gs-1000.pdf libreoffice-fodt-1000.pdf libreoffice-fodt-10000.pdf))
bench-split: build
	@go build -o bin/bench-split ./internal/bench/split
	@GOBIN=$(CURDIR)/bin go install github.com/pdfcpu/pdfcpu/cmd/pdfcpu@v0.15.0 2>/dev/null || echo "pdfcpu does not download here"
	@bin/bench-split $(or $(SPLIT_FILES),testdata/flettebrev.pdf)

# Merged letters of 1,000 pages by five producers of PDF, in build/corpus. Needs Debian's chromium, fonts-dejavu-core,
# texlive-latex-base, lmodern, libcairo2, libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 and python3-venv.
corpus: build/corpus-venv/done
	@nice build/corpus-venv/bin/python internal/bench/corpus/corpus.py build/corpus $(PRODUCERS)

build/corpus-venv/done: internal/bench/corpus/requirements.txt
	@python3 -m venv build/corpus-venv && build/corpus-venv/bin/pip install -q -r $< && touch $@

# Whether split does byte for byte what it did at another commit: make same BASE=COMMIT. Letters, JSON and exit codes.
SAME_FILES ?= $(wildcard ../shared/corpus/*.pdf internal/splitter/testdata/corpus/*.pdf testdata/*.pdf)
same: build
	@test -n "$(BASE)" || { echo 'make same BASE=COMMIT'; exit 2; }
	@rm -rf build/base && git worktree prune && git worktree add -q --detach build/base $(BASE)
	@cd build/base && go build -o $(CURDIR)/bin/brevdue-base ./cmd/brevdue
	@git worktree remove --force build/base
	@go run ./internal/bench/same bin/brevdue-base bin/brevdue $(SAME_FILES)

# A correction of a draft: time, writes and bytes, beside what one took when all letters were written anew for it.
REVIEW_FILES ?= $(wildcard $(addprefix ../shared/corpus/,libreoffice-fodt-100.pdf libreoffice-fodt-1000.pdf libreoffice-fodt-10000.pdf))
bench-review:
	@go run ./internal/bench/review $(REVIEW_FILES)

# The portal in Debian's chromium: needs Node 20, npm and chromium.
test-browser: build
	@cd stories/browser && npm ci --silent --no-progress --fetch-timeout=60000 && node review.mjs && node letters.mjs && node options.mjs && node archive.mjs && node walk.mjs && node live.mjs && node forms.mjs && node problems.mjs && node unhandled.mjs && node delivery.mjs && node status.mjs && node words.mjs && node outside.mjs && node accounts.mjs && node signon.mjs && node firefox.mjs

# bbolt and SQLite on our access pattern (docs/decisions/0002-store.md).
bench-store:
	cd docs/decisions/bench-store && GOWORK=off go test -bench . -benchtime 2s -count 3

clean:
	rm -rf bin build internal/portal/static/npm internal/portal/npm/node_modules
