# make report   builds the newest edition: HTML and PDF in _site/
# make site     builds every edition
# make test     checks style and types and runs every test
# make bench    measures how long builds take, in ROUNDS rounds (5)
# Both set up all they need by themselves: uv (found, or put into .uv/) and the locked environment.

.DEFAULT_GOAL := report
.PHONY: report site test lint bench check serve clean setup setup-dev

export UV_PROJECT_ENVIRONMENT := .venv
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS ?= automatic
unexport VIRTUAL_ENV

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

report: setup
	.venv/bin/azkz build $(EDITION)

site: setup
	.venv/bin/azkz build --all

test: setup-dev lint
	.venv/bin/pytest $(PYTEST)

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: setup
	.venv/bin/python -m benchmarks --rounds $(or $(ROUNDS),5)

check: setup
	.venv/bin/azkz check

serve: setup
	.venv/bin/azkz serve

setup: $(UV)
	@$(UV) sync --quiet --locked --no-default-groups --inexact

setup-dev: $(UV)
	@$(UV) sync --quiet --locked

# Where uv is not on the path it goes into a private environment; nothing else of the machine changes.
.uv/bin/uv:
	@echo "uv was not found: putting it into .uv/"
	@$(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet uv || { \
	  rm -rf .uv; \
	  $(PYTHON) -m pip install --quiet --target .uv uv; \
	} || { \
	  rm -rf .uv; \
	  echo "uv could not be installed: install uv (docs.astral.sh/uv), or Python with venv or pip, and try again" >&2; \
	  exit 2; \
	}

clean:
	rm -rf _build _site
