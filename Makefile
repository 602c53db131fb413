# Petition Desk. `make` alone tells what can be made; `make run` and `make test` set up all they need first.
#
# Settings, each on the command line:
#   PYTHON=python3.12   the interpreter that the environment is made from (3.11 or later)
#   SYSTEM=skip         do not look for system packages (they were seen to by hand)

PYTHON ?= python3
SYSTEM ?= debian
VENV := .venv
BIN := $(VENV)/bin
# The stamp holds the folder that the environment was made for: an environment does not survive being moved.
READY := $(VENV)/.ready
PRACTICE := build/practice

# Figures of the campaigns, small enough to be tried.
N ?= 100
SEED ?= 1
GROUP ?= all
RECORD ?=
MINUTES ?= 1
OPS ?= 4000
ENGINE ?= embedded
WORLD ?=
ONLY ?=
READER ?=

.DEFAULT_GOAL := help
.PHONY: help run demo test lint format lock bench kill-test clock-million mutation simulate conformance fuzz clean system

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY)  ## open the window on a practice register (invented data, passphrase shown)
	@if [ "$$(uname -s)" = Linux ] && [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		echo "这里没有屏幕，窗口打不开。不用屏幕的演示请键入：make demo" >&2; \
		echo "There is no screen here, so no window can open. For a day's work without a screen, type: make demo" >&2; \
		exit 1; \
	fi
	$(BIN)/petition-desk --practice --register $(PRACTICE)/practice.register

demo: $(READY)  ## a whole working day without a screen, into build/demo
	$(BIN)/petition-desk demo build/demo

test: lint  ## all checks and tests, without a screen and without the network
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(READY)  ## style, types and the stairs (ruff, mypy, import-linter)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## put the code into the common format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

kill-test: $(READY)  ## N= SEED=  kill the program in the middle of its work N times; nothing acknowledged may be lost
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.campaigns.kill_test $(N) $(SEED)

clock-million: $(READY)  ## N= SEED=  the clock engine against a second, independent one on N random cases
	$(BIN)/python -m tests.campaigns.clock_million $(N) $(SEED)

mutation: $(READY)  ## N= SEED= GROUP=clocks|acts|all RECORD=  small faults in rules and clocks (N=0: all); 95 % must be noticed
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.campaigns.mutation $(N) $(SEED) $(GROUP) $(RECORD)

simulate: $(READY)  ## OPS= SEED= WORLD= ONLY=  desks, hub, lines and sticks under every fault; ENGINE=postgresql: hub on a server
	ENGINE=$(ENGINE) $(BIN)/python -m tests.campaigns.simulate $(OPS) $(SEED) $(if $(WORLD),--world $(WORLD)) $(if $(ONLY),--only $(ONLY))

conformance: $(READY)  ## the hub's tests on its encrypted file and on PostgreSQL, with a line of figures
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.campaigns.conformance

fuzz: $(READY)  ## MINUTES= READER=  random input for the readers of batches, receipts, enrolments; only refusals may come out
	$(BIN)/python -m tests.campaigns.fuzz $(MINUTES) $(READER)

bench: $(READY)  ## the figures of docs/measurements.md, as ratios in one run
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.campaigns.bench

lock: $(READY)  ## renew requirements.lock from pyproject.toml, with the public index alone
	PIP_FIND_LINKS= PIP_CONFIG_FILE=/dev/null $(BIN)/python -m piptools compile --quiet --upgrade --generate-hashes \
		--allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header --extra dev \
		--output-file requirements.lock pyproject.toml

clean:  ## remove the environment and all that was built
	rm -rf $(VENV) build *.egg-info

# --- what the targets above stand on

system:
	@if [ "$(SYSTEM)" != skip ]; then sh installer/debian/setup.sh; fi

ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): again
.PHONY: again
again:
endif

$(READY): requirements.lock pyproject.toml | system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@printf '%s\n' '$(CURDIR)' > $@
