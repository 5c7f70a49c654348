# `make run` trains a network, `make test` runs the tests; both do all the set-up there is.
# Variables: ARGS (passed to the program that run and bench start), SWIFT (the swift to use), BASE
# (the path at which the documentation will be hosted).

SWIFT ?= swift
ARGS ?=
BASE ?=

# One release build serves all tests of the root package: the numeric sweeps are slow without the
# optimiser, and `swift test` makes the modules testable by itself. App keeps its own build folder;
# its tests share the very objects that `run` builds: App/Package.swift makes the one module that
# they look into testable in every build.
TEST := $(SWIFT) test -c release --disable-xctest
TEST_APP := $(TEST) --package-path App --disable-testable-imports

.PHONY: help run serve test test-root test-app test-studio check lint format docs ops-page bench \
    bench-check soak accuracy fuzz fuzz-coverage mistakes calls sanitize determinism clean toolchain
.NOTPARALLEL:

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: toolchain ## Builds in release and trains a network on handwritten digits. ARGS="--epochs 3"
	@$(SWIFT) build -c release --package-path App --product adjoint
	@App/.build/release/adjoint train $(ARGS)

# Built where the command is, out of the same objects.
serve: toolchain ## Trains on digits for seconds and serves the network. ARGS="--port 8080"
	@$(SWIFT) build -c release --package-path App --product adjoint-server
	@App/.build/release/adjoint-server $(ARGS)

test: toolchain ## Runs every test of the library and of the command.
	@tools/optional-parts
	@$(MAKE) --no-print-directory test-root test-app

test-root: toolchain ## Runs the library's tests alone.
	@$(TEST) $(ARGS)

# The command is built first, since the tests start it as a process.
test-app: toolchain ## Runs the command's tests alone.
	@$(SWIFT) build -c release --package-path App --product adjoint
	@$(TEST_APP) $(ARGS)

test-studio: toolchain ## Tests the studio in a browser, after make test. ARGS="-k accumulation"
	@tools/check-studio $(ARGS)

check: lint test ## What a change must pass: lint, then test.

lint: toolchain ## Checks format, sizes, arrows, words, links, pages, the calls of the sweep. Builds nothing.
	@failed=0; for name in tools sizes arrows words links web calls format; do \
	    SWIFT="$(SWIFT)" tools/check-$$name || failed=1; \
	done; exit $$failed

format: toolchain ## Rewrites every Swift file as swift-format would have it.
	@SWIFT="$(SWIFT)" tools/check-format fix

# Reads the sources, not what was built: it needs no build and takes seconds of processor time.
docs: toolchain ## Makes the documentation's site in .build-docs/site; any warning fails it. BASE=PATH
	@SWIFT="$(SWIFT)" tools/build-docs --base "$(BASE)"

ops-page: toolchain ## Writes the page of operations anew, from their rooms.
	@ADJOINT_WRITE_DOCS=1 $(TEST) --filter OpsPageTests

bench: toolchain ## Builds the benchmarks in release and prints their table. ARGS="tiny-chain"
	@$(SWIFT) build -c release --package-path Benchmarks --product adjoint-bench
	@Benchmarks/.build/release/adjoint-bench $(ARGS)

# Built where the command is, out of the same objects.
bench-check: toolchain ## Counts instructions and allocations, against the committed figures.
	@$(SWIFT) build -c release --package-path App --product adjoint-bench
	@tools/check-bench --program App/.build/release/adjoint-bench $(ARGS)

# An hour and a few minutes. Built where the command is, out of the same objects.
soak: toolchain ## 100,000 requests, and an hour of training: is memory flat? ARGS="names --seconds 60"
	@$(SWIFT) build -c release --package-path App --product adjoint-soak
	@App/.build/release/adjoint-soak $(ARGS)

accuracy: toolchain ## Errors of float32 functions over all inputs, an hour. ARGS="--every 4099 gelu"
	@SWIFT="$(SWIFT)" tools/accuracy $(ARGS)

# Built where the tests are, with their flags.
fuzz: toolchain ## Gives readers of files changed ones. ARGS="npy --runs 1000000 --seed 7"
	@$(TEST) --filter NoTestHasThisName >/dev/null
	@.build/release/adjoint-fuzz $(ARGS)

mistakes: toolchain ## Calls every public function with wrong arguments. ARGS="--runs 2000000 --seed 7"
	@$(TEST) --filter NoTestHasThisName >/dev/null
	@.build/release/adjoint-fuzz mistakes $(ARGS)

calls: toolchain ## Writes the calls of make mistakes anew, from the public functions.
	@SWIFT="$(SWIFT)" tools/wrong-calls --write

fuzz-coverage: toolchain ## The same, guided by coverage, for a minute. Linux. ARGS="npy 300"
	@SWIFT="$(SWIFT)" tools/fuzz-coverage $(ARGS)

sanitize: toolchain ## Runs the tests under ThreadSanitizer and AddressSanitizer. ARGS="small"
	@SWIFT="$(SWIFT)" tools/sanitize $(ARGS)

# Built where the tests are, with their flags.
determinism: toolchain ## Trains again and again, in debug and release, and compares all bits.
	@$(TEST) --filter NoTestHasThisName >/dev/null
	@SWIFT="$(SWIFT)" tools/check-determinism $(ARGS)

clean: ## Removes what was built. Trained networks in runs/ stay.
	rm -rf .build .build-docs .build-thread .build-address .build-small .build-debug App/.build \
	    Benchmarks/.build Examples/Server/.build

toolchain:
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
	    echo 'make: there is no "$(SWIFT)" here. Adjoint needs Swift 6.2 or newer: https://swift.org/install'; \
	    exit 1; }
