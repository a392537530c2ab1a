# Two words do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
VISITORS := tests/browser/test_load_20_users.py

.DEFAULT_GOAL := help
.PHONY: help run test hostile bench check format audit

help:  ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/app  ## Set up and serve the app on http://localhost:8501 (another: PORT=9000)
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

test: $(VENV)/dev  ## Set up and pass all tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --ignore=tests/browser  # a thread each
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/browser --ignore=$(VISITORS)
	$(BIN)/python -m pytest $(VISITORS)  # twenty visitors have the machine for themselves

hostile: $(VENV)/dev  ## The whole corpus of broken and hostile files, and the fuzz run
	$(BIN)/python -m pytest -m "" tests/security/hostile

bench: $(VENV)/dev  ## Speed and memory on this machine: of the models, and of hostile files
	$(BIN)/python -m fer_core bench
	PYTHONPATH=.:tests/support $(BIN)/python tests/security/hostile/bench.py

check: $(VENV)/dev  ## Formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

audit: $(VENV)/dev  ## Known weaknesses of the packages (asks an advisory service on the internet)
	$(BIN)/python -m pip install -q pip-audit==2.10.1
	$(BIN)/pip-audit --local

format: $(VENV)/dev  ## Format and repair what can be repaired by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/app: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -q -r requirements.txt
	@touch $@

$(VENV)/dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	@touch $@ $(VENV)/app
