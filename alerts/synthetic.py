"""A patient who is none goes the whole way once a minute: it is open, or not.

Readings without a heartbeat, as `cep_patterns.pulse_loss` finds them after 5 s, go to
Kafka; the match that Flink makes of them becomes an alarm, and that a notice, which is
sent where nobody is told. When it is sent, the way was open. What is left of it in the
database is deleted soon after.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final

import orjson
from confluent_kafka import Producer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from alerts.database import ERRORS, Database
from alerts.lease import Right
from alerts.messages import Message
from alerts.model import RANK, Alarm, Policy, Step, StepKind, Urgency, hashed
from alerts.notice_table import Notice
from alerts.streams import Streams
from alerts.tables import AlarmRow, MatchRow, StepRow
from cep_patterns import pulse_loss
from cep_patterns.pattern import Severity
from producers.contract import VITALS
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.delivery import Outgoing, fates

logger = logging.getLogger(__name__)

NOWHERE: Final = "nowhere"
"""The channel on which nobody is told."""
NOBODY: Final = "nobody"
EVERY_S: Final = 60
STILL_S: Final = pulse_loss.HOLD_S + 2
"""So long its heart stands still, once in ``EVERY_S``; a reading a second."""
CALM_EVERY_S: Final = 10
"""Between: a device that is silent would be found, too."""
BEHIND_MS: Final = 500
"""Devices' clocks are slower than ours as often as faster: it hurries none of them."""
ANSWER_S: Final = 3.0
KEPT_MS: Final = 2 * EVERY_S * 1000

POLICY: Final = Policy(
    urgencies=dict.fromkeys(
        Severity,
        Urgency(
            delay_s=0,
            acknowledged_for_s=60,
            escalate_after_s=(),
            repeat_every_s=0,
            shelved_at_most_s=60,
        ),
    ),
    quiet_s=0,
)
"""Raised at once, over at once, and never escalated."""


def readings() -> Iterator[dict[str, Any] | None]:
    """Yield what the patient's monitor says, second by second; None: nothing."""
    while True:
        for second in range(EVERY_S):
            if second < STILL_S:
                yield {"heart_rate_bpm": 0}
            elif second == STILL_S or second % CALM_EVERY_S == 0:
                yield {"heart_rate_bpm": 70}
            else:
                yield None


def notice(alarm: Alarm, step: Step) -> Notice | None:
    """Return what is sent where nobody is told, if ``step`` is where it begins."""
    is_ours = alarm.pattern_name == pulse_loss.PATTERN.name
    if not is_ours or step.kind is not StepKind.RAISED:
        return None
    return Notice(
        notice_id=hashed(step.alarm_id, NOWHERE),
        alarm_id=alarm.alarm_id,
        patient_id=alarm.patient_id,
        ward="",
        place="",
        pattern_name=alarm.pattern_name,
        kind=alarm.kind,
        phase=step.kind,
        severity=step.severity,
        rank=1 + RANK[step.severity],
        level=step.level,
        recipient=NOBODY,
        channel=NOWHERE,
        started_ms=alarm.started_ms,
        observed=alarm.observed,
        limit_value=alarm.limit_value,
        created_ms=step.at_ms,
        not_before_ms=step.at_ms,
    )


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The channel by which a notice comes to its end."""

    streams: Streams
    now_ms: Callable[[], int]

    def send(self, message: Message) -> str:
        """Note that the way is open, if that began lately."""
        now_ms = self.now_ms()
        if abs(now_ms - message.notices[0].started_ms) < KEPT_MS:
            self.streams.came(now_ms)
        return ""

    def found(self, message: Message) -> str | None:  # noqa: ARG002 - as any channel
        """Return nothing: what was lost comes again in a minute."""
        return None


@dataclass(slots=True)
class Synthetic:
    """Sends the patient's readings, and tidies up behind it."""

    brokers: str
    database: Database
    right: Right
    streams: Streams
    now_ms: Callable[[], int]
    _second: int = field(default=0, init=False)

    def run(self, stop: Event) -> None:
        """Send until ``stop``; what cannot be sent is left out."""
        producer = Producer(
            {
                "bootstrap.servers": self.brokers,
                "enable.idempotence": True,
                "message.timeout.ms": round(1000 * ANSWER_S),
                "partitioner": "murmur2_random",
                "linger.ms": 0,
                "log_level": 0,
            }
        )
        for reading in readings():
            if stop.is_set():
                return
            if reading is not None:
                self._send(producer, reading)
            if self._second % EVERY_S == 0:
                self._tidy_up()
            self._second += 1
            stop.wait(1.0)

    def _send(self, producer: Producer, reading: dict[str, Any]) -> None:
        with self.streams.sending() as add:
            (fate,) = fates(producer, [self._message(reading)], 2 * ANSWER_S)
            if fate is None:
                add(1)

    def _message(self, reading: dict[str, Any]) -> Outgoing:
        value = {
            "ts_ms": self.now_ms() - BEHIND_MS,
            "patient_id": SYNTHETIC_PATIENT_ID,
            "device_id": SYNTHETIC_PATIENT_ID,
            "seq": self._second,
            "signal_quality_pct": 99,
            **reading,
        }
        return Outgoing(VITALS.name, SYNTHETIC_PATIENT_ID, orjson.dumps(value))

    def _tidy_up(self) -> None:
        try:
            with self.database.writing() as session:
                self.right.check(session)
                forget(session, self.now_ms() - KEPT_MS)
        except ERRORS as error:
            logger.warning("the database: %s", str(error).splitlines()[0])


def forget(session: Session, before_ms: int) -> None:
    """Delete what is left of the patient's alarms that were found before."""
    old = (AlarmRow.patient_id == SYNTHETIC_PATIENT_ID, AlarmRow.found_ms < before_ms)
    ids = list(session.scalars(select(AlarmRow.alarm_id).where(*old)))
    for table in (Notice, StepRow, MatchRow, AlarmRow):
        session.execute(delete(table).where(table.alarm_id.in_(ids)))
