# Two commands do all the set-up: `make tag` and `make test`. Both make their own environment.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: tag test lint notebooks bench bench-peers bench-quality test-labelstudio clean

tag: .venv/ready  ## Tag the sample articles
	$(BIN)/rubrika predict samples --format table

test: .venv/ready-dev  ## Run the tests
	$(BIN)/python -m pytest -q -n auto

lint: .venv/ready-dev  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: .venv/ready-dev  ## Execute the notebooks in place
	$(BIN)/python -m tests.notebooks notebooks

bench: .venv/ready-dev .bench/ready  ## Measure speed against fastText, scikit-learn and Annif
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.benchmarks.speed

.bench/ready:
	$(PYTHON) -m venv .bench/venv
	.bench/venv/bin/python -m pip --disable-pip-version-check install --quiet fasttext-numpy2-wheel==0.9.2 'numpy>=2,<3'
	touch $@

LABEL_STUDIO := .bench/label-studio

test-labelstudio: .venv/ready-dev $(LABEL_STUDIO)/ready  ## Go through a real Label Studio and back
	$(BIN)/python -m tests.label_studio $(LABEL_STUDIO)/bin/label-studio

$(LABEL_STUDIO)/ready: Makefile
	$(PYTHON) -m venv $(LABEL_STUDIO)
	$(LABEL_STUDIO)/bin/pip install --quiet --disable-pip-version-check label-studio==1.23.2
	touch $@

# On articles of your own: make bench-peers DATA=labelled.jsonl; one peer alone: PEER=rubrika
bench-peers: .venv/ready-dev  ## Train and test other taggers on the same articles
	$(BIN)/python -m tests.benchmarks.peers $(if $(DATA),--data '$(DATA)') $(if $(TITLE),--title '$(TITLE)') $(if $(PEER),--only $(PEER))

# On articles of your own as well: make bench-quality DATA=labelled.jsonl
bench-quality: .venv/ready-dev  ## Measure what each setting of the tagger is worth
	$(BIN)/python -m tests.benchmarks.quality $(if $(DATA),--data '$(DATA)') $(if $(TITLE),--title '$(TITLE)')

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rubrika wants Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	touch .venv/ready $@

clean:  ## Remove the environment and what tools left
	rm -rf .venv .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
