# Two commands: `make demo` and `make test`. Everything they need, they install.
.PHONY: demo test lint locale samples environment clean

PYTHON = .venv/bin/python

demo:
	@.ci/environment
	@$(PYTHON) -m samples.demo build/demo

test:
	@.ci/system
	@.ci/environment test samples lint locale
	@.ci/check

lint:
	@.ci/environment test samples lint locale
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

locale:
	@.ci/environment locale
	@$(PYTHON) .ci/locale.py

samples:
	@.ci/environment samples
	@$(PYTHON) -m samples.make

clean:
	rm -rf build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
