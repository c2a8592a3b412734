# make serve | make test | make check | make site | make bench
PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000
BIN = .venv/bin
export NO_MKDOCS_2_WARNING = 1

.PHONY: serve test check site bench

serve: .venv/installed
	$(BIN)/python -m mkdocs serve --dev-addr $(ADDRESS)

test: .venv/installed
	$(BIN)/python -m pytest README.md CONTRIBUTING.md docs handbook
	$(BIN)/python -m pytest tests --cov

check: .venv/installed
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m mkdocs build --strict

site: .venv/installed
	$(BIN)/python -m mkdocs build --strict

bench: .venv/installed
	$(BIN)/python -m benchmarks.peers

.venv/installed: pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
