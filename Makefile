# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
TOOLS := requirements-tools.lock
PYTEST := $(BIN)/python -m pytest
# Let Python keep compiled files, or each of the many processes compiles all packages again.
unexport PYTHONDONTWRITEBYTECODE
#: These tests load no model, training framework or browser.
QUICK := $(addprefix tests/,fer_core/test_probability.py fer_core/test_registry.py fer_core/datasets \
	fer_core/evaluation fer_core/imaging/test_patches.py fer_core/reports pages/charts pages/runtime \
	repository/test_dependencies.py security/test_safe_artifacts.py security/test_streamlit_config.py)

.DEFAULT_GOAL := help
.PHONY: help run test quick browser hostile coverage check docs gallery bench load format audit lock

help:  ## List all targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/app  ## Set up, then serve the app on http://localhost:8501 (PORT=9000 for another port)
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

test: $(VENV)/dev  ## Set up, then run all tests except the full hostile corpus
	OMP_NUM_THREADS=1 $(PYTEST) -n 2 --dist loadfile --ignore=tests/browser  # one thread per process
	$(PYTEST) -n 2 --dist loadgroup tests/browser

quick: $(VENV)/dev  ## Tests without model, browser or training framework, in under a minute
	OMP_NUM_THREADS=1 $(PYTEST) -n 2 --dist loadfile -m "not (hostile or dataset or slow)" $(QUICK)

browser: $(VENV)/dev  ## Only the browser tests
	$(PYTEST) -n 2 --dist loadgroup tests/browser

hostile: $(VENV)/dev  ## The full corpus of broken and hostile files, and the fuzz run
	OMP_NUM_THREADS=1 $(PYTEST) -m "" tests/security/hostile

coverage: $(VENV)/dev  ## Measure the coverage of the tests without a browser
	OMP_NUM_THREADS=1 $(PYTEST) -n 2 --dist loadfile --ignore=tests/browser --cov

check: $(VENV)/dev  ## Formatting, lint, types, import order, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell

docs: $(VENV)/dev  ## Build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

gallery: $(VENV)/dev  ## Take the pictures of docs/gallery.md again
	PYTHONPATH=.:tests/support $(BIN)/python docs/gallery.py

bench: $(VENV)/dev  ## Measure speed and memory on this machine: models and hostile files
	$(BIN)/python -m fer_core bench
	PYTHONPATH=.:tests/support $(BIN)/python tests/security/hostile/bench.py

load: $(VENV)/dev  ## Measure a hundred visitors and fifty clients of the HTTP API at once
	PYTHONPATH=.:tests/support $(BIN)/python tests/load/bench.py
	PYTHONPATH=.:tests/support $(BIN)/python tests/load/api_bench.py

format: $(VENV)/dev  ## Format, and fix what can be fixed automatically
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

audit: $(VENV)/dev  ## Known vulnerabilities of the packages (asks an advisory service on the internet)
	$(BIN)/pip-audit --local

lock: $(BIN)/python  ## Update the lock files after a change of requirements*.txt
	$(BIN)/python -m pip install -q --require-hashes -r $(TOOLS)
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) pyproject.toml --extra app -c requirements.lock -o requirements-app.lock
	$(LOCK) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
	$(LOCK) requirements-tools.txt -c requirements-dev.lock -o $(TOOLS)

# For every system and every Python from 3.11 on; versions that still fit are kept.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/python -m uv pip compile -q --universal \
	--python-version 3.11 --generate-hashes

# Every file that is installed, or that builds one, has a hash in a lock. uv takes a fraction of
# pip's time; where it is unavailable, pip reads the same locks (its build tools have no hashes).
define install
	@if $(BIN)/python -m pip install -q --require-hashes -r $(TOOLS); \
	then $(BIN)/python -m uv pip install -q --require-hashes --no-build-isolation -r $(1); \
	else $(BIN)/python -m pip install -q --require-hashes -r $(1); fi
endef

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/app: requirements.lock $(TOOLS) | $(BIN)/python
	$(call install,$<)
	@touch $@

$(VENV)/dev: requirements-dev.lock $(TOOLS) | $(BIN)/python
	$(call install,$<)
	@touch $@ $(VENV)/app
