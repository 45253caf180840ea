# Every target sets up what it needs on a fresh machine: a virtual environment, the packages, and for
# the tests a browser (Debian's headless chromium where apt can install it, else Playwright's own).

VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
PORT ?= 8000

# What is imported is compiled once and kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve dev test quick check format browser collect mutate loaders fuzz soak clean

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/thinklens demo --port $(PORT)

serve: $(VENV)/.installed
	@test -n "$(DATA)" || { echo 'say what to serve: make serve DATA=path' >&2; exit 2; }
	$(BIN)/thinklens serve "$(DATA)" --port $(PORT)

# The demonstration data, or DATA, served from this tree: what changes is served at once.
dev: $(VENV)/.installed
	$(BIN)/python -m tests.dev $(DATA) --port $(PORT)

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@sh tests/scripts/check.sh

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(VENV)/.installed
	@sh tests/browser/install.sh $(BIN)

# Collected once, the modules of the tests are compiled: each of the processes that run them would do it.
collect: $(VENV)/.installed
	@$(BIN)/python -m pytest --collect-only -qq -n0 >/dev/null 2>&1 || true  # what fails is told by the tests

test: $(VENV)/.installed
	@$(MAKE) --no-print-directory --jobs=2 --output-sync check browser collect
	$(BIN)/python -m pytest

# Without a browser, without processes that are killed, without a wheel: while one works.
quick: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/python -m pytest --ignore=tests/browser --ignore=tests/faults --ignore=tests/hubs/test_command.py --ignore=tests/test_package.py

# Small faults in a package, which the tests have to find: make mutate PACKAGE=search COUNT=300
COUNT ?= 300
mutate: $(VENV)/.installed
	@test -n "$(PACKAGE)" || { echo 'say what is to be tried: make mutate PACKAGE=search' >&2; exit 2; }
	$(BIN)/python -m tests.mutation $(PACKAGE) --count $(COUNT)

# What reads exports next, in environments of its own: two editions of datasets, and out of the wheels of
# trainers, which are fetched but not installed, their converters, models and chat templates.
LOADERS = .venv-loaders
EDITIONS = 5.2 3.6
$(LOADERS)/%/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(LOADERS)/$*
	grep -v ^fsspec constraints.txt > $(LOADERS)/$*/constraints.txt  # each edition has its own
	$(LOADERS)/$*/bin/python -m pip install --quiet --disable-pip-version-check \
		-c $(LOADERS)/$*/constraints.txt -e '.[loaders]' 'datasets==$*.*'
	touch $@

$(LOADERS)/wheels: $(LOADERS)/$(firstword $(EDITIONS))/.installed
	$(LOADERS)/$(firstword $(EDITIONS))/bin/python -m pip download --quiet --disable-pip-version-check \
		--no-deps -d $@ 'trl>=1.16,<2' 'llamafactory>=0.9.5,<0.10' 'oumi>=0.9,<1'

loaders: $(EDITIONS:%=$(LOADERS)/%/.installed) $(LOADERS)/wheels
	for edition in $(EDITIONS); do \
		$(LOADERS)/$$edition/bin/python -m pytest -n0 -s -W default tests/loaders || exit 1; \
	done

# Requests that nobody would write, against a real server: make fuzz REQUESTS=20000
FUZZ = .venv-fuzz
REQUESTS ?= 20000
SEED ?= 1
$(FUZZ)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(FUZZ)
	$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	touch $@

fuzz: $(FUZZ)/.installed
	$(FUZZ)/bin/python -m tests.fuzz --requests $(REQUESTS) --seed $(SEED)

# Many clients for long, memory and descriptors flat: make soak DATA=path MINUTES=10 CLIENTS=32
MINUTES ?= 10
CLIENTS ?= 32
soak: $(VENV)/.installed
	@test -n "$(DATA)" || { echo 'say what is to be served: make soak DATA=path' >&2; exit 2; }
	$(BIN)/python -m benchmarks.soak "$(DATA)" --minutes $(MINUTES) --clients $(CLIENTS)

clean:
	rm -rf $(LOADERS) $(FUZZ) $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis .mutation .dev
