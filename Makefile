# Every chore of Vigil. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help env install up down status reset topics

PYTHON ?= python3
STACK = .venv/bin/python -m stack

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: ## Make the Python environment, cached per user
	@command -v $(PYTHON) >/dev/null || \
	  { echo "$(PYTHON) is missing: install Python 3.11 or 3.12, or name yours: make PYTHON=..."; exit 1; }
	@$(PYTHON) stack/environment.py

install: env ## Install Kafka, Flink's Kafka connector and InfluxDB, cached per user
	@$(STACK) install

up: env ## Start all servers, wait until they work, create topics and buckets
	@$(STACK) up

down: env ## Stop all servers; what they stored stays
	@$(STACK) down

status: env ## Show servers and jobs
	@$(STACK) status

reset: env ## Wipe everything the servers stored
	@$(STACK) reset

topics: env ## Describe every Kafka topic, its columns and units
	@.venv/bin/python -m producers.topics

.PHONY: demo try
DEMO = $(if $(SOURCE),--source "$(SOURCE)") $(if $(DEVICES),--devices $(DEVICES)) \
  $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(SEED),--seed $(SEED))

demo: env ## Show a live ward: SOURCE=recordings, or DEVICES=1000 SCENARIO=demo SEED=1
	@exec .venv/bin/python -m workbench.demo $(DEMO)

try: env ## Try the patterns on recordings: FILE="..." PATTERN=name JSON=1
	@test -n "$(FILE)" || { echo "what shall be tried? make try FILE=recording"; exit 2; }
	@exec .venv/bin/python -m workbench.try_patterns $(FILE) \
	  $(if $(PATTERN),--pattern $(PATTERN)) $(if $(JSON),--json)

.PHONY: test check boards bench latency dashboards
CODE = benchmarks cep_patterns digital_twin grafana jobs producers scores stack workbench

test: install check ## Everything: lint, types, layers, and all tests on the real servers
	@.venv/bin/python -m pytest -m system

check: env ## Everything that needs no server: lint, types, layers, tests
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy $(CODE) tests
	@.venv/bin/lint-imports
	@.venv/bin/python -m pytest -m "not system"

bench: install ## Measure how fast each part is (about 15 min): LEAVE_OUT="part of a name"
	@.venv/bin/python -m benchmarks.speed $(if $(LEAVE_OUT),--leave-out "$(LEAVE_OUT)")

latency: install ## Measure the time from device to match: DEVICES=1000
	@.venv/bin/python -m benchmarks.latency $(if $(DEVICES),--devices $(DEVICES))

dashboards: env ## Write the boards' JSON anew
	@.venv/bin/python -m grafana.build

boards: env ## Push the boards to a Grafana: GRAFANA_URL=... GRAFANA_TOKEN=...
	@set -a; [ -n "$$VIGIL_INFLUX_URL" ] || . docker/.env.example; \
	  [ ! -f docker/.env ] || . docker/.env; exec .venv/bin/python -m grafana.push
