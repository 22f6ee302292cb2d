# Every target sets up .venv by itself, once; it is made anew when setup.cfg or pyproject.toml change.
#   make run     train, trace and draw every scenario     make lint    ruff: rules and layout
#   make test    the tests, with the examples in docs     make types   mypy, strict
#   make bench   the engines timed beside plain NumPy     make gallery  draw docs/gallery anew
#   make clean   remove what these targets made           make tutorial its figures and notebook anew
# One test file or option: make test ARGS="tests/test_datasets.py -x"

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint format types bench tutorial clean

export MPLBACKEND := Agg
export SCIPY_ARRAY_API := 1

ARGS ?=
CANDIDATES := python3 python3.11 python3.12 python3.13 python3.14 python
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in $(CANDIDATES); do \
    $$python -c "$(IS_NEW_ENOUGH)" 2>/dev/null && echo $$python && break; done)
IN_VENV := .venv/bin/python

help:
	@sed -n 's/^#   //p' Makefile

.venv/.ready: setup.cfg pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c "$(IS_NEW_ENOUGH)" || { \
	    echo "neurosim needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "== Setting up .venv with $$($(PYTHON) --version) (once; about a minute)"
	@$(PYTHON) -m venv .venv
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --editable ".[test,scenarios]"
	@touch $@

run: .venv/.ready
	@echo "== Running the scenarios"
	@$(IN_VENV) -m scenarios $(ARGS)

test: .venv/.ready
	@echo "== Testing"
	@$(IN_VENV) -m pytest $(ARGS)

coverage: .venv/.ready
	@echo "== Testing, and counting which lines were run"
	@$(IN_VENV) -m pytest --cov $(ARGS)

lint: .venv/.ready
	@echo "== Checking the rules and the layout of the source (make format mends what it can)"
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m ruff format --check .

format: .venv/.ready
	@echo "== Mending the layout of the source"
	@$(IN_VENV) -m ruff check --fix .
	@$(IN_VENV) -m ruff format .

types: .venv/.ready
	@echo "== Checking the types"
	@$(IN_VENV) -m mypy

bench: .venv/.ready
	@echo "== Timing the engines; leave the machine alone meanwhile"
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@$(IN_VENV) -m benchmarks $(ARGS)

tutorial: .venv/.ready
	@echo "== Running the tutorial, and writing its figures and its notebook"
	@$(IN_VENV) -m docs.tutorial

gallery: .venv/.ready
	@echo "== Drawing docs/gallery anew"
	@$(IN_VENV) -m docs.gallery $(ARGS)

clean:
	@echo "== Removing .venv, caches and build outputs"
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
