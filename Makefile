# Callboard. `make demo` builds and serves the demo portal, `make test` proves the tree.
GO        ?= go
ADDR      ?= 127.0.0.1:8080
FUZZTIME  ?= 60s
BENCHTIME ?= 1x
LINT      := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export CGO_ENABLED := 0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/callboard
	$(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/callboard ./cmd/callboard

.PHONY: demo
demo: build ## build the demo portal and serve it at http://127.0.0.1:8080
	./bin/callboard demo --addr $(ADDR)

.PHONY: docs
docs: build ## build Callboard's own manual into public/
	./bin/callboard build -c content/callboard.yaml -o public

.PHONY: test
test: ## unit, golden, contract and script tests, and the seeds of every fuzz target
	$(GO) test -shuffle=on ./...

.PHONY: test-race
test-race: ## the same under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short ./generator/...

.PHONY: test-slow
test-slow: ## long property and crash tests: 200 edits on the demo portal, 1,000 kills, blob bombs
	CALLBOARD_SLOW=1 $(GO) test -timeout 60m -count=1 ./generator/... ./cmd/...

.PHONY: test-browser
test-browser: build ## drive the demo portal in a real browser (installs its own dev tools)
	test/browser.sh

.PHONY: test-prism
test-prism: ## try discovery against a mock server made of GitHub's published API description
	CALLBOARD_PRISM=1 $(GO) test -count=1 -run Prism -v ./generator/source/...

.PHONY: test-kube
test-kube: ## apply the CronJob to the cluster that KUBECONFIG names, in a namespace of its own
	CALLBOARD_KUBE=1 $(GO) test -count=1 -run Cluster -v ./packaging/...

.PHONY: fmt
fmt: ## format every Go file
	gofmt -w cmd generator content packaging themes

.PHONY: format-check
format-check:
	@out=$$(gofmt -l cmd generator content packaging themes); test -z "$$out" || { echo "not formatted:"; echo "$$out"; exit 1; }

.PHONY: vet
vet: ## go vet, also for macOS and Windows
	$(GO) vet ./...
	GOOS=darwin $(GO) vet ./...
	GOOS=windows $(GO) vet ./...

.PHONY: lint
lint: ## golangci-lint with .golangci.yml
	$(GO) run $(LINT) run ./...

.PHONY: check
check: format-check vet lint test test-browser ## everything CI runs

.PHONY: bench
bench: ## benchmarks: whole builds of 100, 1,000 and 10,000 pages beside plain Hugo, then each package
	$(GO) test -run '^$$' -bench . -benchtime $(BENCHTIME) -timeout 60m ./generator/...

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (default 60s)
	@for p in $$($(GO) list ./...); do for t in $$($(GO) test -list '^Fuzz' $$p 2>/dev/null | grep '^Fuzz'); do \
		echo "== $$p $$t"; $(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done

.PHONY: golden
golden: ## rewrite golden files; review the difference before committing
	CALLBOARD_GOLDEN=1 $(GO) test -count=1 ./...

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf bin public .callboard test/node_modules
