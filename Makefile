# Everything runs inside .venv, which `make install` brings up to date; the second time it is a no-op.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Half of a test's time goes by waiting for servers, databases and browsers.
WORKERS ?= $$((2 * $$(getconf _NPROCESSORS_ONLN)))

.DEFAULT_GOAL := help
.PHONY: help install demo run test lint types bench lock chromium pictures docs

help:  ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

install: $(READY)  ## Set up .venv with the locked packages and the jangbu command

# uv comes out of the lock first, by its hashes, because it installs the rest in seconds; where it
# cannot reach what pip can, pip does it. Compiled once: else whoever may not write here, or is told
# not to, compiles all of it whenever a command starts, which takes three seconds.
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^uv==/ {on=1} on {print} on && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: install  ## Sandbox gateway, mirror and dashboard in one go; Ctrl-C ends all of it
	@exec $(BIN)/jangbu demo

run: install  ## The dashboard against the gateway named by the settings
	@exec $(BIN)/jangbu serve

# Compiled files are kept whatever the shell says: without them each worker spends as long on compiling all tests, and on
# what pytest adds to them, as on importing all that they need.
test: install chromium lint  ## Lint, types and every test, browser ones included
	@$(MAKE) --no-print-directory types & types=$$!; \
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$types || { echo "The types are wrong: make types" >&2; exit 1; }; exit $$tests

chromium:
	@command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	       && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell fonts-noto-cjk >/dev/null; } \
	  || { echo "The browser tests need Chromium: install it (Debian: sudo apt-get install chromium) and try again." >&2; exit 1; }

pictures: install chromium  ## Every screen of a demo, in each width, colour and language, into var/pictures
	$(BIN)/python -m tests.pictures var/pictures

docs: install  ## The docs as a site in var/site, in English and Korean; no broken link
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo "var/site/index.html is the first page"

lint: install  ## Ruff: style, and the import rules of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install  ## mypy, strict
	$(BIN)/mypy

bench: install  ## One table of medians, each beside its baseline of the same run
	$(BIN)/python -m bench

lock: install  ## Resolve the dependencies again: hashes, no addresses; deploy/ has those of the app alone
	$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --constraints requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o deploy/requirements.lock
