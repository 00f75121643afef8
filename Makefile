# Run `make help` for the list of commands. They work in a new clone, call scripts/, and repeat only work that is out of date.

PYTHON ?= python3
PORT ?= 8000
export PORT
# Compiled Python files are cached in .build, because tests start hundreds of processes and some shells turn the cache off.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.build/pycache
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run demo check fix test test-long bench bench-disclosure audit sbom

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

setup: ## install everything the site needs, in this folder
	@$(PYTHON) -m scripts.set_up

run: ## run the site on this machine, with demonstration data (PORT=8000)
	@exec $(PYTHON) -m scripts.serve

demo: ## load the demonstration data into an empty database
	@$(PYTHON) -m scripts.demo

check: ## check lint, types, imports, migrations, documents, lock files, styles (ARGS="--only lock")
	@$(PYTHON) -m scripts.check $(ARGS)

fix: setup ## fix and format the code with ruff, and the templates with djLint
	@status=0; \
	.venv/bin/ruff check --fix || status=1; \
	.venv/bin/ruff format || status=1; \
	.venv/bin/djlint web/src/evenhand/templates --reformat --warn --quiet || status=1; \
	exit $$status

test: ## run the tests, on SQLite and PostgreSQL, with a browser (ARGS="-k plans" for the second run)
	@exec $(PYTHON) -m scripts.test $(ARGS)

test-long: ## run the tests and every case that `make test` leaves out, before a release
	@exec $(PYTHON) -m scripts.test --long $(ARGS)

bench: setup ## time the public pages and the record of changes
	@.venv/bin/python -m benchmarks.public_pages $(ARGS)
	@.venv/bin/python -m benchmarks.record_of_changes

bench-disclosure: setup ## measure suppression on nine inputs: cells, time, bound (ARGS=--full for all inputs)
	@.venv/bin/python -m benchmarks.disclosure $(ARGS)

audit: ## list known vulnerabilities in the dependencies (exit code 2: the check could not be made)
	@$(PYTHON) -m scripts.audit

sbom: ## write a software bill of materials (CycloneDX): .build/sbom.cdx.json
	@$(PYTHON) -m scripts.sbom
