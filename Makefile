# Cluster Exchange: what people do with it, in one place. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
PY := .venv/bin/python

# The installed requirements are named by their content, so a changed file is installed and an unchanged one is not.
hash = $(shell cat requirements.txt $(1) 2>/dev/null | cksum | cut -d' ' -f1)
RUNTIME := .venv/installed-runtime-$(call hash)
TOOLS := .venv/installed-tools-$(call hash,requirements-dev.txt)

##@ Use it
.PHONY: help
help: ## Explain each target
	@awk 'BEGIN { FS = ":.*## "; print "make <target>" } \
	     /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	     /^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: $(RUNTIME) ## Prepare and serve the demonstration at http://localhost:8000; PORT=8001 chooses another, Ctrl-C ends it
	@DJANGO_SETTINGS_MODULE=portal.settings.demo BASE_URL="http://localhost:$(PORT)" exec $(PY) manage.py serve_demo

.PHONY: reset
reset: ## Drop what the demonstration stored (var/); the next make demo begins anew
	@rm -rf var

##@ Work on it
.PHONY: test
test: $(TOOLS) ## Run every test that this machine can run; ARGS="tests/search -k hindi" chooses; DATABASE_URL, REDIS_URL, ELASTICSEARCH_URL name servers
	@$(PY) -m pytest -n auto --dist loadgroup --no-fold-skipped $(ARGS)

.PHONY: lint
lint: $(TOOLS) ## Check style, import directions, templates, migrations and compiled messages
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/djhtml --check templates
	@DATABASE_URL=sqlite://:memory: $(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m pytest -q tests/portal/test_messages.py

.PHONY: format
format: $(TOOLS) ## Format code and templates in place
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@.venv/bin/djhtml templates

.PHONY: messages
messages: $(RUNTIME) ## Collect the words to translate and compile the translated ones (needs gettext)
	@command -v msgfmt >/dev/null || { echo "gettext is missing. Install it: sudo apt install gettext"; exit 1; }
	@$(PY) manage.py makemessages --locale hi --no-location --ignore ".venv*" --ignore var --ignore tests
	@$(PY) manage.py compilemessages --locale hi --ignore ".venv*" --ignore var

.PHONY: bench
bench: $(TOOLS) ## Time pages, search and its index against what they stand on; ARGS="--small" is quick, ARGS="--documents 5000" chooses
	@$(PY) -m tests.benchmarks.bench $(ARGS)

.PHONY: clean
clean: ## Drop .venv and the tools' caches; var/ stays
	@rm -rf .venv .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A bare system gets one sentence that says what to install.
define virtual_environment
	@command -v $(PYTHON) >/dev/null || \
	  { echo "Python 3.11 or newer is missing. Install it: sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is older ($$($(PYTHON) -V 2>&1))." \
	         "On Debian 12: sudo apt install python3 python3-venv; elsewhere name one: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's module for virtual environments is missing. Install it: sudo apt install python3-venv"; exit 1; }
	@$(PY) -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv || \
	  { echo "The virtual environment .venv could not be made; the lines above say why."; exit 1; }
endef

define install
	@echo "Installing the packages of $(1) into .venv …"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r $(1) || \
	  { echo "The packages of $(1) could not be installed: is the package registry within reach? The next run tries again."; exit 1; }
	@touch $@
endef

# After an upgrade of the system's Python the old environment may no longer start.
ifneq ($(shell $(PY) -c 'print("starts")' 2>/dev/null),starts)
.PHONY: $(RUNTIME)
endif
$(RUNTIME):
	$(virtual_environment)
	$(call install,requirements.txt)

$(TOOLS): $(RUNTIME)
	$(call install,requirements-dev.txt)
