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
from alerts.settings import AlertSettings
from producers.secrecy import EXAMPLE, MADE, OWN
from stack import influxdb
from stack.errors import StackError
from stack.flink_rest import Flink
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor
from stack.waiting import until

PROBE_MS: Final = 10_000
MOST_LIVES: Final = 5
"""How often a server may be started before it counts as one that keeps dying."""


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


def alarms_url(settings: Settings) -> str:
    """Return where the database of alarms is, as those were told who serve them."""
    state = settings.state_dir
    files = (EXAMPLE, state / MADE, OWN, Paths(state).given)
    return AlertSettings(_env_file=files, state_dir=state).database_url


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
        "alerts": lambda: serves(alarms_url(settings), heartbeat.ALERTS),
        "fixes": lambda: True,  # it works, and says so, also while others are away
        "timetable": lambda: True,  # nobody asks it: it works as long as it runs
        "keeper": lambda: True,  # so does the keeper of the jobs
        "gateway": lambda: page_answers(settings.gateway_url),
    }


def wait_for(service: str, settings: Settings, supervisor: Supervisor) -> None:
    """Return when ``service`` can do its work; fail at once if it keeps dying.

    A death or two are none of that: whoever needs what is not there yet may die
    of it, and the supervisor starts it again. On a slow machine it lives for longer
    than ``startsecs`` each time, so that the supervisor itself never gives it up.
    """
    check = checks(settings)[service]
    log = supervisor.paths.log(service)
    lives: set[int] = set()
    seen = "nothing"

    def ready() -> bool:
        nonlocal seen
        found = {p.name: p for p in supervisor.processes()}.get(service)
        seen = found.state if found else "not supervised"
        lives.update({found.pid} if found and found.pid else ())
        if not found or seen == "fatal" or len(lives) > MOST_LIVES:
            msg = f"{service} keeps dying ({seen}): read {log}"
            raise StackError(msg)
        return seen == "running" and check()

    until(ready, otherwise=lambda: f"{service} is {seen}, no answer: read {log}")
