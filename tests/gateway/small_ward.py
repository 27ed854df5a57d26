"""A ward that plays by itself: the messages of a minute and more, without a broker.

``python -m tests.gateway.small_ward 200 8123`` serves it to a browser.
"""

import asyncio
import math
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import orjson
import uvicorn
from sqlalchemy import select

from alerts import journal
from alerts.database import Database
from alerts.delivery_settings import DeliverySettings
from alerts.fold import fold
from alerts.links import Links
from alerts.match import Match
from alerts.model import Alarm
from alerts.notice_table import Notice
from alerts.roster import Roster
from alerts.tables import StepRow
from alerts.wiring import Wiring
from cep_patterns.pattern import Kind, Severity
from gateway.app import application
from gateway.connections import LIMITS
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.look import Look, nothing_to_look_at
from gateway.messages import Arrived
from gateway.settings import GatewaySettings
from gateway.ward import Ward
from producers.contract import ALARMS, EEG_SCORES, SCORES, VITALS
from stack.waiting import until
from tests.alerts.hospital import hospital

LEAD_S = 240
RAISED = (
    ("desaturation", "high", "clinical"),
    ("sustained_tachycardia", "medium", "clinical"),
    ("new_fever", "low", "clinical"),
    ("sensor_off", "low", "technical"),
)
PARTS = (
    "respiration",
    "oxygen_saturation",
    "air_or_oxygen",
    "systolic_blood_pressure",
    "pulse",
    "consciousness",
    "temperature",
)


def now_ms() -> int:
    """Return the time of the clock on the wall."""
    return round(time.time() * 1000)


def reading(number: int, ts_ms: int) -> Arrived:
    """Return what the device of one patient says at ``ts_ms``."""
    wave = math.sin(ts_ms / 20_000 + number)
    value = {
        "patient_id": f"patient-{number:05d}",
        "device_id": f"device-{number:05d}",
        "ts_ms": ts_ms,
        "heart_rate_bpm": round(75 + 8 * wave + number % 7),
        "spo2_pct": round(97 + wave) - 9 * (number % 23 == 3),
        "respiratory_rate_per_min": round(15 + 2 * wave),
        "systolic_mmhg": 118 + number % 9,
        "diastolic_mmhg": 74,
        "temperature_c": 36.8,
        "on_oxygen": number % 8 == 0,
        "consciousness": "A",
    }
    return Arrived(VITALS.name, orjson.dumps(value), ts_ms)


def score(number: int, ts_ms: int) -> Arrived:
    """Return a patient's NEWS2; every ninth one's is incomplete."""
    worth = [0, 3 * (number % 23 == 3), 2 * (number % 8 == 0), 0, number % 3, 0, 0]
    open_ended = 2 * (number % 9 == 0)
    value = {
        "score_name": "news2",
        "patient_id": f"patient-{number:05d}",
        "ts_ms": ts_ms,
        "total": None if open_ended else sum(worth),
        "lowest": sum(worth),
        "highest": sum(worth) + open_ended,
        "risk_at_least": "low-medium" if 3 in worth else "low",
        "risk_at_most": "low-medium" if 3 in worth else "low",
        "response": "ward-based response",
        "parts": {
            name: {
                "lowest": points,
                "highest": points + open_ended * (name == "temperature"),
                "age_s": 3.0,
            }
            for name, points in zip(PARTS, worth, strict=True)
        },
    }
    return Arrived(SCORES.name, orjson.dumps(value), ts_ms)


def alarm(
    number: int, index: int, ts_ms: int, state: str = "raised", step_number: int = 1
) -> Arrived:
    """Return a step of one of the alarms of ``RAISED`` on one patient."""
    pattern_name, severity, kind = RAISED[index]
    value = {
        "step_id": f"step-{number}-{index}-{step_number}",
        "alarm_id": f"alarm-{number}-{index}",
        "patient_id": f"patient-{number:05d}",
        "pattern_name": pattern_name,
        "kind": kind,
        "step_number": step_number,
        "step_name": state,
        "state": state,
        "severity": severity,
        "escalation_level": int(state == "escalated"),
        "ts_ms": ts_ms,
        "started_ms": ts_ms - 42_000,
        "done_by": "nurse" if state == "acknowledged" else "",
        "until_ms": ts_ms + 600_000 if state == "acknowledged" else None,
    }
    return Arrived(ALARMS.name, orjson.dumps(value), ts_ms)


def eeg(number: int, ts_ms: int, *, seizing: bool) -> Arrived:
    """Return what is thought of a patient's EEG."""
    value = {
        "patient_id": f"patient-{number:05d}",
        "device_id": f"eeg-{number:05d}",
        "ts_ms": ts_ms,
        "probability": 0.93 if seizing else 0.04,
        "firing_power": 0.88 if seizing else 0.0,
        "threshold": 0.5,
        "seizing": seizing,
    }
    return Arrived(EEG_SCORES.name, orjson.dumps(value), ts_ms)


class PlayedSource:
    """A ward of ``patients``, one reading a second each, as from a broker."""

    def __init__(self, patients: int) -> None:
        """Begin with what happened in the minutes before."""
        self.trouble = ""
        self.lag = 0
        self.more: list[Arrived] = []
        self._patients = patients
        self._told_ms = now_ms()
        self._begun = list(self._before(self._told_ms))

    def _before(self, until_ms: int) -> Iterator[Arrived]:
        for number in range(self._patients):
            for back_s in range(LEAD_S, 0, -5):
                yield reading(number, until_ms - back_s * 1000)
            yield score(number, until_ms)
            for index, every in enumerate((23, 11, 13, 17)):
                if number % every == 3:
                    state = ("raised", "escalated", "acknowledged")[number % 3]
                    yield alarm(number, index, until_ms - 1000 * number, state)
            if number % 16 == 3:
                yield eeg(number, until_ms, seizing=number == 3)

    def poll(self) -> Iterable[Arrived]:
        """Return what happened since the last time; one patient stays silent."""
        time.sleep(0.1)
        begun, self._begun = self._begun, []
        more, self.more = self.more, []
        return [*begun, *more, *self._readings()]

    def _readings(self) -> Iterator[Arrived]:
        if now_ms() - self._told_ms >= 1000:
            self._told_ms += 1000
            for number in range(self._patients):
                if number != 1:
                    yield reading(number, self._told_ms)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def settings(port: int, **more: str) -> GatewaySettings:
    """Return settings with one user, and what else is given."""
    return GatewaySettings.model_validate(
        {
            "kafka_brokers": "127.0.0.1:1",
            "gateway_port": port,
            "gateway_users": "nurse:a-password",
            "gateway_secret": "a-secret-for-tests",
            **more,
        }
    )


class Served:
    """A ward on a port, in a thread, so that a browser can see it."""

    def __init__(
        self,
        source: PlayedSource,
        port: int,
        desk: Desk,
        look: Callable[[], Look] = nothing_to_look_at,
        /,
        **more: str,
    ) -> None:
        """Begin to serve, and return when it does."""
        ward = Ward(lambda patient: (f"ward {int(patient[-1]) % 2}", patient))
        feed = Feed(ward, source, now_ms, look)
        config = uvicorn.Config(
            application(
                settings(port, **more),
                DeliverySettings(page_url=f"http://127.0.0.1:{port}"),
                ward=ward,
                feed=feed,
                desk=desk,
            ),
            port=port,
            log_level="critical",
            timeout_graceful_shutdown=1,
            **LIMITS,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=lambda: asyncio.run(serve(self.server, feed)), daemon=True
        )
        self.thread.start()
        until(lambda: self.server.started, otherwise=lambda: "it does not start")

    def stop(self) -> None:
        """Serve no more."""
        self.server.should_exit = True
        self.thread.join()


async def serve(server: uvicorn.Server, feed: Feed) -> None:
    """Serve the ward and keep it fed until the server is told to stop."""
    async with asyncio.TaskGroup() as tasks:
        feeding = tasks.create_task(feed.run())
        await server.serve()
        feeding.cancel()


def desk(folder: Path) -> Desk:
    """Return a database without alarms, and the people of a small hospital."""
    database = Database.open(f"sqlite:///{folder}/alarms.db")
    return Desk(
        Wiring(database, Roster(hospital(folder))), Links("http://127.0.0.1", "key")
    )


def found(
    desk: Desk, number: int, severity: Severity = Severity.HIGH, *, match_id: str = ""
) -> Alarm:
    """Return the alarm that a match on one patient raises, or joins."""
    began_ms = now_ms()
    match = Match(
        match_id=match_id or f"match-{number}",
        pattern_name="apnoea",
        rule_version=1,
        kind=Kind.CLINICAL,
        severity=severity,
        phase="ongoing",
        patient_id=f"patient-{number:05d}",
        device_id=f"device-{number:05d}",
        started_ms=began_ms - 20_000,
        ts_ms=began_ms,
        source="a test",
    )
    with desk.wiring.database.writing() as session:
        ledger = desk.wiring.ledger(session)
        fold(ledger, [match], desk.wiring.rules)
        alarm = ledger.at((match.patient_id, match.pattern_name))
    assert alarm is not None
    return alarm


def told(desk: Desk) -> list[Arrived]:
    """Return what is in the outbox of alarms, as the topic has it."""
    with desk.wiring.database.writing() as session:
        steps = journal.untold(session)
        journal.mark_told(session, [step.position for step in steps])
    messages = [step.message for step in steps if step.message is not None]
    return [Arrived(ALARMS.name, message.value, now_ms()) for message in messages]


def notices(desk: Desk) -> list[Notice]:
    """Return what is to be sent, the first first."""
    with desk.wiring.database.reading() as session:
        rows = list(session.scalars(select(Notice).order_by(Notice.number)))
        session.expunge_all()
        return rows


def steps(desk: Desk) -> list[tuple[str, str, str]]:
    """Return what happened to alarms, who did it, and why."""
    with desk.wiring.database.reading() as session:
        rows = session.scalars(select(StepRow).order_by(StepRow.position))
        return [(row.kind, row.by, row.reason) for row in rows]


def main(patients: int, port: int) -> None:
    """Serve until interrupted."""
    with tempfile.TemporaryDirectory() as folder:
        served = Served(PlayedSource(patients), port, desk(Path(folder)))
        try:
            signal.pause()
        except KeyboardInterrupt:
            served.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
