# `make help` prints the targets. Everything they need is installed below this folder.

# Folder of images to start with, and where the site listens: make run IMAGES=/folder PORT=8080
IMAGES ?=
PORT ?=
HOST ?=
# Real images for `make smoke`
DATA ?= ../shared/data
# Test processes beside each other
JOBS ?= 2

# The newest Python that is known to work, or else any new enough. A name that exists may still be
# no Python (a version manager's placeholder), so each is asked.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)

# Torch's threads wait asleep: spinning, they take the cores from everything beside them.
export OMP_WAIT_POLICY ?= PASSIVE

BIN := .venv/bin
BUILD := frontend/dist/.vite/manifest.json
SOURCES := $(shell find frontend/src frontend/styles -type f 2>/dev/null)

NEED_PYTHON = test -n "$(PYTHON)" || { echo "micraweb needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
NEED_NODE = node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null || { echo "micraweb needs Node.js 20 or newer to build its pages: install it from your system's packages or nodejs.org." >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-python test-browser lint lint-python lint-frontend fmt \
	bench fuzz smoke browser clean tools

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: tools .venv/.run $(if $(DATABASE_URL),.venv/.server) $(BUILD) ## start the site (IMAGES=/folder, PORT=8080, HOST=0.0.0.0)
	@$(BIN)/python manage.py up $(if $(IMAGES),--images "$(IMAGES)") $(if $(PORT),--port $(PORT)) \
		$(if $(HOST),--host $(HOST))

test: tools lint test-python test-browser ## check and test everything, from a clean clone

test-fast: .venv/.dev $(BUILD) ## Python tests without the slow ones and the browser
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) -m "not e2e and not slow"

test-python: .venv/.dev $(BUILD) ## Python tests without the browser
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) -m "not e2e"

test-browser: .venv/.dev $(BUILD) browser ## tests in Chromium
	$(BIN)/python -m pytest -m e2e

lint: lint-python lint-frontend ## style, types, imports and the frontend's unit tests

lint-python: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run

lint-frontend: frontend/node_modules/.installed
	cd frontend && npm run --silent check && npm run --silent lint && npm run --silent test

fmt: .venv/.dev frontend/node_modules/.installed ## format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	cd frontend && npm run --silent format

bench: .venv/.dev $(BUILD) ## all benchmarks, or ONLY="speed" "people" "quality" "engine" (DATA=folder)
	MICRAWEB_SHARED_DATA="$(DATA)" $(BIN)/python -m tests.benchmarks $(ONLY)

fuzz: .venv/.dev ## damaged files through every reader of images; takes some minutes
	$(BIN)/python -m tests.fuzz

smoke: .venv/.dev $(BUILD) ## the whole loop on real images through the interface (DATA=folder)
	@$(BIN)/python -m tests.smoke "$(DATA)"

clean: ## remove what was built and installed, not the data
	rm -rf .venv frontend/node_modules frontend/dist *.egg-info build test-results \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Asked first, so that nobody waits for one installation to hear that the other cannot start.
tools:
	@test -x .venv/bin/python || $(NEED_PYTHON)
	@test -e $(BUILD) || $(NEED_NODE)

.venv/bin/python:
	@$(NEED_PYTHON)
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make virtual environments here: install its venv module (Debian: apt install python3-venv)." >&2; exit 1; }

.venv/.run: pyproject.toml | .venv/bin/python
	@echo "Installing Python packages; this takes a minute or two the first time."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e .
	@touch $@

# The driver for PostgreSQL, which DATABASE_URL in the environment asks for.
.venv/.server: .venv/.run
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[server]'
	@touch $@

.venv/.dev: pyproject.toml | .venv/bin/python
	@echo "Installing Python packages and development tools; this takes a minute or two the first time."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[dev]'
	@touch .venv/.run .venv/.server $@

frontend/node_modules/.installed: frontend/package-lock.json
	@$(NEED_NODE)
	@command -v npm >/dev/null || { echo "micraweb needs npm beside Node.js: install it from your system's packages." >&2; exit 1; }
	@echo "Installing frontend packages."
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILD): frontend/node_modules/.installed frontend/vite.config.ts $(SOURCES)
	@echo "Building the pages."
	@cd frontend && npm run --silent build -- --logLevel error
	@touch $@

# Debian's package where that can be installed, the browser of Playwright elsewhere.
browser: .venv/.dev
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else $(BIN)/playwright install chromium; fi
