# Two commands are enough: `make demo` and `make test`.
# Every target uses the same profile and the same selection of crates, so that the query engine is built once.
CARGO ?= cargo
RESIDENTS ?= 20000
DIR ?= demo

# In the gate our own crates are compiled by a compiler that lints and documents as it goes; others' crates are the same for all.
check test tests accessibility lint manifests documents: export RUSTC_WORKSPACE_WRAPPER = $(CURDIR)/scripts/rustc-with-lints

.PHONY: demo test test-long tests check format manifests lint documents accessibility bench coverage coverage-long fuzz clean

demo: ## build, make the synthetic city, run the lab's year, serve the site
	@scripts/need cargo node npm
	@scripts/estimate
	$(CARGO) build --workspace
	target/debug/wdl demo --residents $(RESIDENTS) --dir $(DIR) --port 0 --fresh

test: tests accessibility ## every test, and the site in a browser

tests:
	@scripts/need cargo node npm nextest
	@scripts/estimate
	$(CARGO) nextest run --workspace --no-fail-fast
	$(CARGO) test --workspace --doc --quiet

test-long: ## a file of a gigabyte through the check, in bounded memory, and axe-core on every page
	@scripts/need cargo
	$(CARGO) build --workspace --examples --bins
	scripts/long-file
	$(MAKE) accessibility PAGES=1000000

check: format manifests lint documents ## format, the invariants of the manifests, lints and links of the code's documents, pages

format:
	@scripts/need cargo node npm
	$(CARGO) fmt --all -- --check

manifests:
	$(CARGO) fetch --locked --quiet
	$(CARGO) run --quiet -p xtask -- manifests

lint:
	@scripts/estimate
	$(CARGO) build --workspace --all-targets

documents: ## what the code says of itself, and the pages of the indicators as their definitions are
	$(CARGO) run --quiet -p xtask -- documents --check

PAGES ?= 20
accessibility: ## axe-core on the pages of a small city's site (of indicators, one in five) and of some evaluations, in Chromium
	@scripts/need cargo node npm chromium
	$(CARGO) build --workspace
	target/debug/wdl demo --no-serve --residents 2000 --dir target/small-city --fresh
	scripts/evaluation-pages target/evaluation-pages
	cd web && npm ci --silent --no-audit --no-fund && node axe.mjs ../target/small-city/site --each $(PAGES) && node axe.mjs ../target/evaluation-pages && node steward.mjs ../target/small-city

bench: ## the figures of the README and of docs/results, in the one profile of all targets, beside other tools where they are there
	@scripts/need cargo python3
	$(CARGO) build --workspace --examples --bins
	scripts/bench-linkage
	scripts/bench-sharing
	scripts/bench-poverty
	scripts/bench-disclosure
	scripts/bench-evaluation
	scripts/bench

DRAWS ?= 1000
coverage: ## how often intervals of 95 % hold the truth, by simulation: docs/results/coverage.md
	@scripts/need cargo
	$(CARGO) build --workspace --examples
	target/debug/examples/coverage --draws $(DRAWS) --write docs/results/coverage.md

coverage-long: ## the same of group-time effects and few clusters with ten thousand draws, which tell a shortfall from chance: docs/results/coverage-long.md
	@scripts/need cargo
	$(CARGO) build --workspace --examples
	target/debug/examples/coverage --draws 10000 --part staggered --part clusters --write docs/results/coverage-long.md

SECONDS_EACH ?= 60
fuzz: ## every parser of outside bytes, a minute each; needs a nightly compiler and cargo-fuzz
	@for target in $$(cargo +nightly fuzz list); do cargo +nightly fuzz run $$target -- -max_total_time=$(SECONDS_EACH) -rss_limit_mb=2048 || exit 1; done

clean:
	$(CARGO) clean
	rm -rf demo
