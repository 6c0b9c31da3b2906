# Python and make are all that is needed; the rest is set up here.
PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# two files at a time, each as a whole, on two cores
SPREAD := --numprocesses=2 --dist=loadfile
NBVAL  := --nbval --nbval-current-env --nbval-cell-timeout=120 --nbval-sanitize-with=notebooks/nbval.cfg

.PHONY: help demo unit test check lab docs bench clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $(READY)

demo: $(READY)  ## analyse the sample corpus and say where the report lies
	$(BIN)/diplotext analyze data/articles --dictionaries data --out $(OUT)
	@echo "Open $(OUT)/report.html in a browser."

unit: $(READY)  ## unit tests alone
	$(BIN)/pytest --quiet tests

test: $(READY)  ## style, types, notebooks, unit tests and the examples of docstrings and documentation
	$(BIN)/ruff check src tests notebooks docs
	$(BIN)/mypy
	$(BIN)/pytest --quiet $(SPREAD) $(NBVAL) notebooks tests
	$(BIN)/pytest --quiet --doctest-modules --doctest-glob="*.md" src README.md docs/extending.md

check: $(READY)  ## what takes long: many seeds, growth, a clean install, other Pythons, notebooks with disturbed networks
	.ci/pythons 3.12 3.13
	DIPLOTEXT_DISTURB=0.02 PYTHONPATH=tests/disturbed $(BIN)/pytest --quiet $(NBVAL) notebooks
	$(BIN)/pytest --quiet -rs -m "long or not long" --hypothesis-profile=long tests

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

docs: $(READY)  ## what README and documentation take from the package: scores, examples, figure; and the site
	$(BIN)/python docs/build.py
	$(BIN)/mkdocs build --strict --quiet --site-dir $(OUT)/site

bench: $(READY)  ## speed and memory
	$(BIN)/pytest tests/benchmarks --override-ini=addopts= --benchmark-only

clean:  ## remove the environments and all that was made
	rm -rf $(VENV) .venv-* out out-* .pytest_cache .mypy_cache .ruff_cache
