# The one door. Everything is done by scripts/, from a fresh clone, and only what is not up to date.

PYTHON ?= python3
PORT ?= 8000
export PORT
# What Python compiles is kept with what is built, since tests start hundreds of processes; some shells forbid it.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.build/pycache
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run demo check fix test bench bench-disclosure audit sbom

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

setup: ## everything the site needs, into this folder
	@$(PYTHON) -m scripts.set_up

run: ## the site on this machine, with its demonstration (PORT=8000)
	@exec $(PYTHON) -m scripts.serve

demo: ## the demonstration, loaded into an empty database
	@$(PYTHON) -m scripts.demo

check: ## lint, types, import contracts, migrations, documents, locks, styles (ARGS="--only lock")
	@$(PYTHON) -m scripts.check $(ARGS)

fix: setup ## what ruff can mend by itself
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

test: ## every test, on SQLite and PostgreSQL, with a browser (ARGS="-k plans" for the second run)
	@exec $(PYTHON) -m scripts.test $(ARGS)

bench: setup ## how long the heavy things take
	@.venv/bin/python scripts/bench.py $(ARGS)
	@.venv/bin/python -m scripts.bench_record

bench-disclosure: setup ## hiding on nine inputs: cells, time, bound (ARGS=--full for all of them)
	@.venv/bin/python -m scripts.bench_disclosure $(ARGS)

audit: ## known weaknesses in what we depend on (exit code 2: nobody could be asked)
	@$(PYTHON) -m scripts.audit

sbom: ## everything that goes into the site, as CycloneDX: .build/sbom.cdx.json
	@$(PYTHON) -m scripts.sbom
