.DEFAULT_GOAL := help
.PHONY: help setup build run test integration check format bench acceptance clean

help: ## Lists the targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Installs system libraries, the model and the grammars (Debian).
	@scripts/setup

build: setup ## Builds `hearth` for release.
	swift build --configuration release --product hearth

run: setup ## Builds, ingests this repository and serves on 127.0.0.1:8080.
	@scripts/run

test: setup ## Builds and runs all tests.
	@scripts/test

integration: setup ## Runs the suites that need real servers (Qdrant's engine, PostgreSQL, Ceph, all together), and checks deploy/.
	@scripts/integration

check: ## Checks format, imports, house rules and docs; and that each check can fail.
	@scripts/check

format: ## Formats the sources.
	swift format --in-place --recursive --parallel Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift

bench: setup ## Runs the benchmarks and prints their tables.
	@scripts/bench

acceptance: build ## Asks 20 questions about three codebases and counts right citations.
	@scripts/acceptance --binary .build/release/hearth

clean: ## Removes what was built.
	swift package clean
