# Python and make are all that is needed; the rest is set up here.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test lab bench clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $(READY)

demo: $(READY)  ## analyse the sample corpus and say where the report lies
	$(BIN)/diplotext analyze data/articles --dictionaries data --out out
	@echo "Open out/report.html in a browser."

test: $(READY)  ## style, types, notebooks and unit tests
	$(BIN)/ruff check src tests notebooks
	$(BIN)/mypy
	$(BIN)/pytest --quiet --nbval --nbval-current-env --nbval-cell-timeout=120 --nbval-sanitize-with=notebooks/nbval.cfg notebooks tests

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

bench: $(READY)  ## speed and memory
	$(BIN)/pytest tests/benchmarks --override-ini=addopts= --benchmark-only

clean:  ## remove the environment and all that was made
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache
