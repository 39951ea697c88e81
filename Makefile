# `make demo` and `make test`; before each commit `make quick`. Everything they need, they install.
.PHONY: demo test quick faults coverage lint locale samples page lock relock clean

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

# Every point at which a command is ended, or its disk, network or clock fails, with the record and page of them, and every
# byte of a package; `make test` tries a few.
faults:
	@.ci/system
	@.ci/environment dev
	@rm -rf build/faults
	@ARCHIVER_EVERY_POINT=1 .ci/check tests/faults/test_points.py tests/property/test_every_byte.py \
		tests/faults/test_taking_over_killed.py -k "not the_record_has_every_point"
	@$(PYTHON) -m tests.faults.injection.record
	@$(PYTHON) .ci/faults_page.py

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
