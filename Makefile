# Two commands do everything on a fresh machine: `make audit` and `make test`. Each target is one script in scripts/.
.PHONY: help audit test integration bench fuzz install lint format check clean
.DEFAULT_GOAL := help
export DESTDIR PREFIX FUZZ_SECONDS

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

audit: ## Audit this machine; reports go to build/audit
	@scripts/audit
test: ## Build with warnings as errors and run every test that needs no root
	@scripts/test
integration: ## Audit real Debian roots and this machine, and compare with what their own programs say (root)
	@scripts/integration
bench: ## Print our figures beside those of oscap, lynis and find
	@scripts/bench
fuzz: ## Fuzz every parser; FUZZ_SECONDS=300 in all
	@scripts/fuzz
install: ## Install the release build; DESTDIR and PREFIX=/usr/local
	@scripts/install
lint: ## Check format, includes, headers, style and scripts
	@scripts/lint
format: ## Format the C++ sources
	@scripts/format
check: ## Build, test and lint: what a change must pass
	@scripts/check
clean: ## Remove what was built
	rm -rf build
