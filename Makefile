# make serve | test | test-browser | check | site | bench | figures | screenshots
PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000
SITE ?= site
BIN = .venv/bin
export NO_MKDOCS_2_WARNING = 1

.PHONY: serve test test-browser check site bench figures screenshots chromium

serve: docs/assets/math.woff2
	$(BIN)/python -m mkdocs serve --dev-addr $(ADDRESS)

test: docs/assets/math.woff2
	$(BIN)/python -m pytest README.md CONTRIBUTING.md docs handbook
	$(BIN)/python -m pytest tests --ignore=tests/browser --cov

test-browser: docs/assets/math.woff2 node_modules/.package-lock.json chromium
	$(BIN)/python -m pytest tests/browser --numprocesses=auto

check: docs/assets/math.woff2
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(MAKE) site

site: docs/assets/math.woff2
	$(BIN)/python -m mkdocs build --strict --site-dir $(abspath $(SITE))
	cd docs && tar cf - $$(grep -o '[a-z_/]*\.md' llms.txt) | tar xf - -C $(abspath $(SITE))

bench: .venv/installed
	$(BIN)/python -m benchmarks.peers

screenshots: docs/assets/math.woff2 chromium
	$(BIN)/python -m tests.browser.screenshots

figures: .venv/installed
	$(BIN)/python -m benchmarks.figures

node_modules/.package-lock.json: package.json
	npm install --no-audit --no-fund
	touch $@

# where apt-get is not to be had, Playwright brings its own
chromium: .venv/installed
	command -v chromium \
	|| { apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends chromium fonts-dejavu-core; } \
	|| $(BIN)/python -m playwright install chromium

docs/assets/math.woff2: .venv/installed extensions/mathfont.py $(wildcard docs/*/*.md)
	$(BIN)/python -m extensions.mathfont

.venv/installed: pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
