# Two commands are enough: `make demo` and `make test`.
# Every target uses the same profile and the same selection of crates, so that the query engine is built once.
CARGO ?= cargo
RESIDENTS ?= 20000

.PHONY: demo test check format lint documents bench clean

demo: ## build, make the synthetic city, run the lab's year, serve the site
	@scripts/need cargo node npm
	@scripts/estimate
	$(CARGO) build --workspace
	$(CARGO) run --quiet --bin wdl -- demo --residents $(RESIDENTS) --dir demo --yes

test: ## every test
	@scripts/need cargo nextest
	@scripts/estimate
	$(CARGO) nextest run --workspace --no-fail-fast

check: format lint documents ## format, lints, the invariants of the manifests, documents

format:
	@scripts/need cargo
	$(CARGO) fmt --all -- --check

lint:
	$(CARGO) clippy --workspace --all-targets -- -D warnings

documents:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --quiet

clean:
	$(CARGO) clean
	rm -rf demo
