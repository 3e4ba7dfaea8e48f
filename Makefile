# make demo: the main job. make test: the tests. Both set up what they need in .venv first.
PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PIP := $(BIN)/python $(PIP_INSTALL) -c constraints.txt
READY := .venv/.ready
DEV_READY := .venv/.dev-ready
DOCS_READY := .venv/.docs-ready
COMPILE := from sim.study.warm import warm_up; warm_up("compiled"); warm_up("compiled", False); warm_up("simpy")

.PHONY: demo test test-all test-lowest coverage lint hooks docs bench baselines bank wheel clean

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ccsim needs Python 3.11 or newer: make PYTHON=python3.x")'
	$(PYTHON) -m venv .venv
	$(PIP) -e .
	$(BIN)/python -m compileall -q sim
	@touch $@

# The engines are compiled while the tools are installed: both tests that run side by side would else compile them.
$(DEV_READY): $(READY)
	$(BIN)/python -c '$(COMPILE)' & compiling=$$!; $(PIP) -e '.[dev]' && wait $$compiling
	@touch $@

$(DOCS_READY): $(READY)
	$(PIP) -e '.[docs]'
	@touch $@

demo: $(READY)
	$(BIN)/ccsim compare scenarios/retailer/before-bot.yaml scenarios/retailer/after-bot.yaml \
	  scenarios/retailer/after-bot-planned.yaml --out results/demo

test: $(DEV_READY)
	$(BIN)/python -m pytest -m "not long" -n 2 --dist loadfile

test-all: $(DEV_READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The lowest versions that pyproject.toml allows of what ccsim needs, in an environment of their own.
LOWEST := build/lowest

test-lowest:
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python $(PIP_INSTALL) -c constraints-lowest.txt -e .
	$(LOWEST)/bin/python $(PIP_INSTALL) -c constraints.txt pytest pytest-regressions pytest-xdist hypothesis jsonschema openpyxl
	$(LOWEST)/bin/python -m pytest -m "not long" -n 2 --dist loadfile \
	  tests/cli tests/laws tests/measures tests/micro tests/report tests/scenario

# How much of sim/ the tests run through; compiled code does not show (CONTRIBUTING.md). The page is build/coverage/index.html.
coverage: $(DEV_READY)
	$(BIN)/python -m pytest -m "not long" -n 2 --dist loadfile --cov --cov-report=term:skip-covered --cov-report=html

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

# A wheel with the compiled engine in it, for this Python and this system, in build/wheel.
wheel: $(DEV_READY)
	$(BIN)/python -m pip wheel --quiet --no-deps -c constraints.txt -w build/wheel .

hooks: $(DEV_READY)
	$(BIN)/pre-commit install

docs: $(DOCS_READY)
	rm -rf build/docs docs/api
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -c docs -d build/docs-cache . build/docs
	@echo 'made build/docs/index.html'

bench: $(DEV_READY)
	$(BIN)/python -m benchmarks $(BENCH)

# Makes the baseline of each shipped scenario anew as it was made before; a new one measures two days, to be quick.
BASELINES := results/baselines
QUICK := --replications 2 --set calendar.days=2 --set run.warm_up=0d --set run.follow_up=1d

baselines: $(READY)
	@set -e; for file in scenarios/retailer/*.yaml scenarios/bank/*.yaml scenarios/channels/*.yaml scenarios/cases/*.yaml scenarios/cases/*/*.yaml; do \
	  name=$${file#scenarios/}; kept=$(BASELINES)/$${name%.yaml}.json; \
	  if [ -e $$kept ]; then flags=; else flags="$(QUICK)"; fi; \
	  echo $$file; $(BIN)/ccsim check $$file --baseline $$kept $$flags --refresh; \
	done

# Fits the bank's scenario anew to its call log, which is not part of the project: make bank LOG=calls_1999-01_to_07.csv.gz
bank: $(READY)
	$(BIN)/ccsim calibrate $(LOG) --out scenarios/bank/week.yaml --name "Bank, a typical week of 1999"

clean:
	rm -rf .venv build dist docs/api *.egg-info .coverage .coverage.*
