# Two commands do all the set-up on a fresh machine: make run, make test.
SHELL := /bin/bash
PYTHON := .venv/bin/python
READY := .venv/.ready
# Python writes its compiled files, whatever the machine's habit: without them every start takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check train lint language evaluate peers transcripts bench soak chaos demo-statistics fuzz audit sbom clean

help: ## show what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

run: $(READY) ## set up, train if needed, and serve the chat (5005) and the dashboard (5006)
	@$(PYTHON) -m bot run

test: $(READY) ## set up and run every check and test
	@bash scripts/test.sh

check: $(READY) ## check all data: every mistake at once, by path
	@$(PYTHON) -m bot check

train: $(READY) ## train, if anything has changed
	@$(PYTHON) -m bot train

lint: $(READY) ## style and types
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

language: $(READY) ## start a new language as a draft: make language code=uk name=Українська
	@$(PYTHON) -m bot language --code "$(code)" --name "$(name)" $(if $(rtl),--rtl)

evaluate: $(READY) ## measure the understanding on the test sets, and write docs/understanding.md
	@$(PYTHON) -m bot evaluate --page

peers: $(READY) ## train Rasa's own pipelines beside ours, in an environment of their own (2.5 GB, half an hour)
	@bash bench/peers/peers.sh

bench: $(READY) ## measure: turns beside peers, how they grow, routing, the count at ten million, the page on a slow line (an hour)
	@$(PYTHON) -m bench.turns --postgres --redis --starter --buerokratt && $(PYTHON) -m bench.turns.stalls && $(PYTHON) -m bench.growth \
	&& $(PYTHON) bench/routing/scale.py && $(PYTHON) bench/statistics/scale.py && $(PYTHON) -m bench.page && $(PYTHON) -m bench.capacity

soak: $(READY) ## the long forms: every byte searched, a thousand talks killed in the middle, a hundred thousand turns
	@$(PYTHON) -m bench.statistics.letters && $(PYTHON) -m bench.statistics.kills && $(PYTHON) -m bench.soak

chaos: $(READY) ## break databases, locks and servers at random moments while residents talk
	@$(PYTHON) -m bench.chaos --on sqlite && $(PYTHON) -m bench.chaos --on postgres

transcripts: $(READY) ## write docs/conversations.md: one talk per topic, word for word
	@$(PYTHON) -m tests.transcripts

demo-statistics: $(READY) ## a fictional year of conversations, to see the dashboard filled
	@$(PYTHON) -m bot demo-statistics

fuzz: $(READY) ## send chance at every way in, for long: make fuzz examples=5000
	@FUZZ_EXAMPLES=$(or $(examples),5000) $(PYTHON) -m pytest tests/test_hostile*.py tests/test_dashboard_openapi.py tests/test_schemathesis.py -k any

audit: $(READY) ## look for known holes in what is installed; fails where the list of holes cannot be had
	@bash scripts/audit.sh

sbom: $(READY) ## write var/sbom.cdx.json: all that it is made of (CycloneDX 1.5)
	@.venv/bin/uv export --frozen --no-dev --quiet --format cyclonedx1.5 --output-file var/sbom.cdx.json && echo var/sbom.cdx.json

clean: ## remove what set-up and running have made
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .rasa

$(READY): pyproject.toml uv.lock packages/rasa-lean/rasa_lean.py scripts/setup.sh
	@bash scripts/setup.sh
	@touch $(READY)
