# make serve | test | test-everywhere | test-browser | test-nightly | check | site | deck | print | new | generate | bench | figures | screenshots
PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000
SITE ?= site
BIN = .venv/bin
MADE = $(addprefix docs/assets/,editor.mjs diff.mjs fsrs.mjs handbook.zip math.woff2)
# one more than there are processors: many tests wait for a judge
WORKERS = $(shell $(BIN)/python -c "import os; print(os.cpu_count() + 1)")
export NO_MKDOCS_2_WARNING = 1

.PHONY: serve test test-everywhere test-browser test-nightly check site deck print new generate bench figures screenshots chromium

serve: $(MADE)
	$(BIN)/python -m mkdocs serve --dev-addr $(ADDRESS)

# each worker has one thread for products: more would wait for one another
test: $(MADE)
	$(BIN)/python -m pytest README.md CONTRIBUTING.md docs handbook
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests --ignore=tests/browser --cov --numprocesses=$(WORKERS) --dist=loadscope

# as other machines would
test-everywhere: $(MADE)
	$(BIN)/python -m tests.everywhere

test-browser: $(MADE) node_modules/tests chromium
	SITE_URL=http://browser.test/handbook/ $(MAKE) site
	$(BIN)/python -m pytest tests/browser --numprocesses=auto --dist=worksteal

# the pages one by one, also where they show nothing new
test-nightly: $(MADE) node_modules/tests chromium
	SITE_URL=http://browser.test/handbook/ $(MAKE) site
	$(BIN)/python -m pytest tests/browser --all-pages --numprocesses=auto --dist=worksteal

check: $(MADE) node_modules/tests
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/node node_modules/@biomejs/biome/bin/biome ci
	$(BIN)/python -m mypy
	$(MAKE) site

site: $(MADE)
	PACKED=1 $(BIN)/python -m mkdocs build --strict --site-dir "$(SITE)"
	$(BIN)/python -m extensions.generated "$(SITE)"
	$(BIN)/python -m extensions.notebooks "$(SITE)"
	$(BIN)/python -m extensions.offline "$(SITE)"
	$(BIN)/python -m extensions.deck "$(SITE)"

# the cards for Anki, here
deck: .venv/installed
	$(BIN)/python -m extensions.deck .

# the files of a new challenge: make new STEM=attention
new: .venv/installed
	$(BIN)/python -m tests.skeleton $(STEM)

# what stands in the checkout and is derived from the rest
generate: .venv/installed
	$(BIN)/python -m extensions.generated

bench: .venv/peers
	$(BIN)/python -m benchmarks.growth $(STEM)

screenshots: $(MADE) chromium
	$(BIN)/python -m tests.browser.screenshots

# handbook-cheatsheet.pdf and handbook-booklet.pdf
print: site chromium
	$(BIN)/python -m extensions.printed "$(SITE)"

figures: .venv/installed
	$(BIN)/python -m figures

# what the practice pad has from npm, as npm packages it
node_modules/site: package.json .venv/installed
	$(BIN)/npm install --omit=dev --ignore-scripts --no-audit --no-fund
	touch $@

node_modules/tests: node_modules/site
	$(BIN)/npm install --ignore-scripts --no-audit --no-fund
	touch $@ node_modules/site

docs/assets/editor.mjs docs/assets/diff.mjs docs/assets/fsrs.mjs: docs/assets/%.mjs: extensions/%.mjs node_modules/site
	$(BIN)/node node_modules/esbuild/bin/esbuild $< --bundle --format=esm \
	--minify --log-level=warning --outfile=$@
	touch $@

docs/assets/handbook.zip: .venv/installed extensions/practice.py $(shell find handbook -name '*.py')
	$(BIN)/python -m extensions.practice

# where apt-get is not to be had, Playwright brings its own
chromium: .venv/installed
	command -v chromium \
	|| { apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends chromium fonts-dejavu-core; } \
	|| $(BIN)/python -m playwright install chromium

docs/assets/math.woff2: .venv/installed extensions/mathfont.py $(wildcard docs/*/*.md handbook/solutions/*.py)
	$(BIN)/python -m extensions.mathfont

# the libraries that are only compared with
.venv/peers: .venv/installed
	$(BIN)/python -m pip install --quiet --editable ".[peers]"
	touch $@

.venv/installed: pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
