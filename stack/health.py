"""Ask each server whether it can do its work, not merely whether it runs."""

import logging
import time
from collections.abc import Callable
from typing import Final

import httpx
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from alerts import heartbeat
from alerts.database import peek
from stack import influxdb
from stack.errors import StackError
from stack.flink_rest import Flink
from stack.settings import Settings
from stack.supervision import Supervisor
from stack.waiting import until

PROBE_MS: Final = 2000


def kafka_answers(brokers: str) -> bool:
    """Return whether the broker tells its topics."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=brokers, bootstrap_timeout_ms=PROBE_MS
        )
    except KafkaError:
        return False
    try:
        admin.list_topics()
    except KafkaError:
        return False
    finally:
        admin.close()
    return True


def page_answers(url: str) -> bool:
    """Return whether the ward page can be opened."""
    try:
        return httpx.get(f"{url}/health", timeout=PROBE_MS / 1000).is_success
    except httpx.HTTPError:
        return False


def serves(database_url: str, service: str) -> bool:
    """Return whether somebody serves, as the last heartbeat in the database says."""
    beat = peek(database_url, lambda session: heartbeat.last(session, service))
    return beat is not None and not beat.is_stale(time.time_ns() // 1_000_000)


def checks(settings: Settings) -> dict[str, Callable[[], bool]]:
    """Return, for each server, what must hold before it counts as up."""
    flink = Flink(settings.flink_url)
    return {
        "kafka": lambda: kafka_answers(settings.kafka_brokers),
        "influxd": lambda: influxdb.is_healthy(settings.influx_url),
        "jobmanager": lambda: flink.slots() is not None,
        "taskmanager": lambda: (flink.slots() or 0) >= settings.flink_slots,
        "alerts": lambda: serves(settings.alarms_url, heartbeat.ALERTS),
        "fixes": lambda: True,  # it works, and says so, also while others are away
        "timetable": lambda: True,  # nobody asks it: it works as long as it runs
        "gateway": lambda: page_answers(settings.gateway_url),
    }


def wait_for(service: str, settings: Settings, supervisor: Supervisor) -> None:
    """Return when ``service`` can do its work; fail at once if it keeps dying."""
    check = checks(settings)[service]
    log = supervisor.paths.log(service)

    def ready() -> bool:
        states = {p.name: p.state for p in supervisor.processes()}
        if states.get(service) in {"fatal", "exited", None}:
            msg = f"{service} keeps dying: read {log}"
            raise StackError(msg)
        return check()

    until(ready, otherwise=lambda: f"{service} does not answer: read {log}")
