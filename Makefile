# make run, make test; with another Python: make test PYTHON=python3.13
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The tests of a module stay together, in the order they are found in, as they share what was loaded and computed. Each
# process has a server and a browser of its own, and numpy one thread: the processes are what runs side by side. They
# are one more than there are cores, four at most, as each waits for a page to stand still a part of its time. What is
# compiled is kept, whatever the environment says: a hundred processes of the app are started.
WORKERS = $(shell $(PYTHON) -c "import os; print(min(4, 1 + (os.cpu_count() or 1)))")
PYTEST = PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses=$(WORKERS) \
	--dist=loadscope --no-loadscope-reorder

.PHONY: run static test test-static check lint digests docs fuzz torture hashes picture bench bench-browser bench-sessions bench-static

run: $(VENV)/.run-installed  ## the app, on localhost:8501
	$(BIN)/python -m serve

static: $(VENV)/.run-installed  ## the app as a static site, in dist/: any host of files shows it (static/README.md)
	$(BIN)/python -m static

test: lint  ## everything that must hold before a change lands: benchmarks/README.md says what each minute buys
	$(BIN)/python -m tools.get_chromium
	$(BIN)/python -m tools.get_axe
	$(PYTEST) -m "not static_site"

test-static: static $(VENV)/.dev-installed  ## the static site: every page, and what visitors do, in a real Chromium
	$(BIN)/python -m tools.get_chromium
	$(PYTEST) tests/browser/static

check: lint  ## what can be said without a browser
	$(PYTEST) -m "not browser"

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict --explicit-package-bases oce pages app.py serve.py static tests/support

digests: $(VENV)/.dev-installed  ## data/datapackage.json, after a change of data/ and of data/VERSION
	$(BIN)/python -m tools.data_digest

docs: $(VENV)/.dev-installed  ## docs/ as a site, in site/; stops at a warning
	rm -rf docs/reference
	$(BIN)/python -m tools.docs_tables
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html -d build/doctrees docs site

fuzz: $(VENV)/.dev-installed  ## 10,000 scenarios of anything through every door, 10,000 files, 1,000 links of pages
	$(BIN)/python -m tests.support.doors
	$(BIN)/python -m tests.support.fuzzed_pages

torture: $(VENV)/.dev-installed  ## the server under faults: killed, cut files, a full disk, no network, odd locales and clocks
	$(BIN)/python -m tests.support.torture

hashes: $(VENV)/.dev-installed  ## requirements-hashed.txt, after a change of requirements.txt: for pip install --require-hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--output-file requirements-hashed.txt requirements.txt

picture: $(VENV)/.dev-installed  ## docs/explore.png, taken from the app
	$(BIN)/python -m tests.support.picture

bench: $(VENV)/.dev-installed  ## how long a million scenarios take, what a calibrated throughput adds, the front of a plan, and the import
	$(BIN)/python -m benchmarks.estimate_many
	$(BIN)/python -m benchmarks.calibrated
	$(BIN)/python -m benchmarks.front
	$(BIN)/python -m benchmarks.import_oce

bench-browser: $(VENV)/.dev-installed  ## the app in Chromium against a Streamlit app of one slider and one chart
	$(BIN)/python -m tools.get_chromium
	$(BIN)/python -m benchmarks.slider
	$(BIN)/python -m benchmarks.first_load
	$(BIN)/python -m benchmarks.drag
	$(BIN)/python -m benchmarks.script_time

bench-static: static $(VENV)/.dev-installed  ## the static site against the server, over a line of 10 Mbit/s
	$(BIN)/python -m tools.get_chromium
	$(BIN)/python -m benchmarks.static_site

bench-sessions: $(VENV)/.dev-installed  ## 1, 10, 30 and 100 visitors at once, 100 for two minutes, and thousands of reruns of one
	$(BIN)/python -m benchmarks.sessions
	$(BIN)/python -m benchmarks.two_minutes
	$(BIN)/python -m benchmarks.past_runs
	$(BIN)/python -m benchmarks.soak

# The stamps are older than the requirements whenever those changed: then, and only then, pip runs again.
$(VENV)/.run-installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

$(VENV)/.dev-installed: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@ $(VENV)/.run-installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
