# Every chore of Vigil. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help env install up down status reset backup restore topics

PYTHON ?= python3
STACK = .venv/bin/python -m stack

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

backup: env ## Write all that cannot be made again into one file: FILE=vigil.backup
	@test -n "$(FILE)" || { echo "into which file? make backup FILE=vigil.backup"; exit 2; }
	@$(STACK) backup "$(FILE)"

restore: env ## Make the stack, down and wiped, what a backup holds: FILE=vigil.backup
	@test -n "$(FILE)" || { echo "from which file? make restore FILE=vigil.backup"; exit 2; }
	@$(STACK) restore "$(FILE)"

topics: env ## Describe every Kafka topic, its columns and units
	@.venv/bin/python -m producers.topics

.PHONY: demo try burden
DEMO = $(if $(SOURCE),--source "$(SOURCE)") $(if $(DEVICES),--devices $(DEVICES)) \
  $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(SEED),--seed $(SEED))

demo: env ## Show a live ward: SOURCE=recordings, or DEVICES=1000 SCENARIO=demo SEED=1
	@exec .venv/bin/python -m workbench.demo $(DEMO)

try: env ## Try the patterns on recordings: FILE="..." PATTERN=name JSON=1
	@test -n "$(FILE)" || { echo "what shall be tried? make try FILE=recording"; exit 2; }
	@exec .venv/bin/python -m workbench.try_patterns $(FILE) \
	  $(if $(PATTERN),--pattern $(PATTERN)) $(if $(JSON),--json)

burden: env ## Count the alarms on recordings: FILE="..." PATTERN=name PICTURE=a.svg JSON=1
	@test -n "$(FILE)" || { echo "whose alarms? make burden FILE=recordings"; exit 2; }
	@exec .venv/bin/python -m workbench.burden $(FILE) \
	  $(if $(PATTERN),--pattern $(PATTERN)) $(if $(PICTURE),--picture "$(PICTURE)") \
	  $(if $(JSON),--json)

.PHONY: fix
fix: env ## Fix one drifting device and prove it: FAULT=lying (or lost, duplicate, clock...)
	@exec .venv/bin/python -m workbench.fix $(if $(FAULT),--fault $(FAULT))

.PHONY: realism train seizures
realism: env ## Compare simulated with recorded patients: FILE="..." OUT=a.svg SCENARIO=night
	@test -n "$(FILE)" || { echo "compared with whom? make realism FILE=recordings"; exit 2; }
	@exec .venv/bin/python -m workbench.realism $(FILE) $(if $(OUT),--out "$(OUT)") \
	  $(if $(SCENARIO),--scenario $(SCENARIO))

train: env ## Train the seizure model anew and say how good it is: FILES="..." OUT=folder
	@test -n "$(FILES)" || { echo "on which recordings? make train FILES=archive.npz"; exit 2; }
	@exec .venv/bin/python -m workbench.train $(FILES) $(if $(OUT),--out "$(OUT)")

seizures: env ## Find the seizures in a day of simulated EEG (about 5 min): HOURS=24
	@exec .venv/bin/python -m benchmarks.seizures $(if $(HOURS),--hours $(HOURS))

.PHONY: test check mutants boards bench bench-patterns bench-state bench-eeg bench-twin bench-fleet savings scale bench-alerts bench-devices latency dashboards
CODE = alerts benchmarks cep_patterns digital_twin eeg fixes gateway grafana jobs producers scores stack workbench

PYTEST = .venv/bin/python -m pytest -p tests.scheduling -n auto --no-loadscope-reorder
LINT = .venv/bin/ruff check . && .venv/bin/ruff format --check . \
  && .venv/bin/mypy $(CODE) tests && .venv/bin/lint-imports

test: install ## Everything: lint, types, layers, and all tests, also on the real servers
	@$(LINT) && $(PYTEST)

check: env ## Everything that needs no server: lint, types, layers, tests
	@$(LINT) && $(PYTEST) -m "not system"

mutants: env ## Make each pattern a little wrong, and see whether its tests notice: PATTERN=name
	@exec .venv/bin/python -m workbench.mutants $(if $(PATTERN),--pattern $(PATTERN))

bench: install ## Measure how fast each part is (about 20 min): LEAVE_OUT="part of a name"
	@.venv/bin/python -m benchmarks.speed $(if $(LEAVE_OUT),--leave-out "$(LEAVE_OUT)")

bench-patterns: install ## Measure what more patterns cost (about 45 min, 8 with LEAVE_OUT="not thinned")
	@.venv/bin/python -m benchmarks.patterns $(if $(LEAVE_OUT),--leave-out "$(LEAVE_OUT)")

bench-state: install ## Measure how much is remembered, over a day (about 10 min)
	@.venv/bin/python -m benchmarks.state

bench-eeg: install ## Measure how many patients' EEG is scored in real time (about 15 min)
	@.venv/bin/python -m benchmarks.eeg

bench-twin: env ## Measure how fast patients are simulated, on one core (half a minute)
	@.venv/bin/python -m benchmarks.twin

bench-fleet: install ## Measure how fast the fleet sends, and its memory (about 1 min)
	@.venv/bin/python -m benchmarks.fleet

savings: install ## Show what thinning and pre-aggregation save, and that nothing else changes (about 5 min): LEAVE_OUT=thinning
	@.venv/bin/python -m benchmarks.savings $(if $(LEAVE_OUT),--leave-out "$(LEAVE_OUT)")

scale: install ## Measure what a device costs, and what gives way first (about 9 min): DEVICES="1000 10000" LEAVE_OUT=record-vitals
	@.venv/bin/python -m benchmarks.scale $(foreach n,$(DEVICES),--devices $(n)) \
	  $(foreach job,$(LEAVE_OUT),--leave-out $(job)) $(if $(PICTURE),--picture "$(PICTURE)")

bench-alerts: install ## Measure how fast a match reaches a person, and a storm (about 6 min)
	@.venv/bin/python -m benchmarks.alarms

bench-devices: env ## Measure how early failing devices are found, in 90 simulated days (about 8 min)
	@.venv/bin/python -m benchmarks.devices $(if $(DEVICES),--devices $(DEVICES))

latency: install ## Measure the time from device to match: DEVICES=1000 LEAVE_OUT="score-eeg gateway"
	@.venv/bin/python -m benchmarks.latency $(if $(DEVICES),--devices $(DEVICES)) \
	  $(foreach each,$(LEAVE_OUT),--leave-out $(each))

dashboards: env ## Write the boards' JSON anew
	@.venv/bin/python -m grafana.build

boards: env ## Push the boards to a Grafana: GRAFANA_URL=... GRAFANA_TOKEN=...
	@set -a; [ -n "$$VIGIL_INFLUX_URL" ] || . docker/.env.example; \
	  [ ! -f docker/.env ] || . docker/.env; \
	  [ -n "$$VIGIL_INFLUX_READ_TOKEN" ] || read -r VIGIL_INFLUX_READ_TOKEN < "$${VIGIL_INFLUX_READ_TOKEN_FILE:-$${VIGIL_STATE_DIR:-.vigil}/data/influx-read.token}"; \
	  exec .venv/bin/python -m grafana.push
