# Every target sets up what it needs on a fresh machine: a virtual environment, the packages, and for
# the tests a browser (Debian's chromium where apt can install it, else Playwright's own).

VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
PORT ?= 8000

TYPESCRIPT = typescript@5.9.3

.PHONY: demo serve test check scripts format browser clean

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/thinklens demo --port $(PORT)

serve: $(VENV)/.installed
	@test -n "$(DATA)" || { echo 'say what to serve: make serve DATA=path' >&2; exit 2; }
	$(BIN)/thinklens serve "$(DATA)" --port $(PORT)

check: $(VENV)/.installed scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The types of the scripts, by a compiler that Node runs; nothing else here needs Node.
scripts:
	@if command -v npm >/dev/null; then \
		npx --yes --package $(TYPESCRIPT) -- tsc --project tsconfig.json; \
	else \
		echo 'the scripts in static/ were not checked: Node and npm are not on this machine' >&2; \
	fi

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(VENV)/.installed
	@sh tests/browser/install.sh $(BIN)

test: check browser
	$(BIN)/python -m pytest

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
