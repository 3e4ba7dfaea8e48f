# make demo: the main job. make test: the tests. Both set up what they need in .venv first.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt
READY := .venv/.ready
DEV_READY := .venv/.dev-ready

.PHONY: demo test test-all lint bench baselines bank clean

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ccsim needs Python 3.11 or newer: make PYTHON=python3.x")'
	$(PYTHON) -m venv .venv
	$(PIP) -e .
	@touch $@

$(DEV_READY): $(READY)
	$(PIP) -e '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/ccsim compare scenarios/retailer/before-bot.yaml scenarios/retailer/after-bot.yaml \
	  scenarios/retailer/after-bot-planned.yaml --out results/demo

test: $(DEV_READY)
	$(BIN)/python -m pytest -m "not long" -n 2 --dist loadfile

test-all: $(DEV_READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(DEV_READY)
	$(BIN)/python -m benchmarks $(BENCH)

# Makes the baseline of each shipped scenario anew as it was made before; a new one measures two days, to be quick.
BASELINES := results/baselines
QUICK := --replications 2 --set calendar.days=2 --set run.warm_up=0d --set run.follow_up=1d

baselines: $(READY)
	@set -e; for file in scenarios/retailer/*.yaml scenarios/bank/*.yaml scenarios/cases/*.yaml scenarios/cases/*/*.yaml; do \
	  name=$${file#scenarios/}; kept=$(BASELINES)/$${name%.yaml}.json; \
	  if [ -e $$kept ]; then flags=; else flags="$(QUICK)"; fi; \
	  echo $$file; $(BIN)/ccsim check $$file --baseline $$kept $$flags --refresh; \
	done

# Fits the bank's scenario anew to its call log, which is not part of the project: make bank LOG=calls_1999-01_to_07.csv.gz
bank: $(READY)
	$(BIN)/ccsim calibrate $(LOG) --out scenarios/bank/week.yaml --name "Bank, a typical week of 1999"

clean:
	rm -rf .venv build dist *.egg-info
