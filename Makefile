# `make demo` and `make test`; before each commit `make quick`. Everything they need, they install.
.PHONY: demo test quick coverage lint locale samples page lock relock clean

PYTHON = .venv/bin/python

demo:
	@.ci/environment
	@$(PYTHON) -m samples.demo build/demo

test:
	@.ci/system
	@.ci/environment dev
	@.ci/ocfl-py
	@.ci/check

quick:
	@.ci/environment dev
	@.ci/check -q -m "not slow" tests/architecture tests/unit

# Branch coverage, with a floor: tens of minutes.
coverage:
	@.ci/system
	@.ci/environment dev
	@.ci/coverage

lint:
	@.ci/environment dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

locale:
	@.ci/environment dev
	@$(PYTHON) .ci/catalogues.py

samples:
	@.ci/environment dev
	@$(PYTHON) -m samples.make

# The page that opens a package in a browser; needs node and npm.
page:
	@.ci/environment dev
	@$(PYTHON) .ci/opener_page.py

# What pyproject.toml changed, and nothing else; `make relock`: the newest of everything, pinned
# with hashes. What that broke: make test.
lock:
	@.ci/environment dev
	@.ci/lock

relock:
	@.ci/environment dev
	@.ci/lock --upgrade
	@git --no-pager diff --stat -- '*.lock' '*lock.json'

clean:
	rm -rf build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
