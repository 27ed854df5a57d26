"""Everything in Python that reads a topic, each in a form that a fuzzer can feed.

A :class:`Reader` is one entry. ``open`` yields a function that takes a batch of
messages, all of which arrive at ``NOW_MS``, and returns for each the reason why it was
set aside, or an empty text. Whatever raises there ends the reader, and the test.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select

from alerts.database import Database
from alerts.judging import judged
from alerts.ledger import tell_nobody
from alerts.service import Service
from alerts.tables import SetAsideRow
from eeg.packets import PacketError, decoded
from fixes.broker import decoded as heard
from fixes.desk import Desk
from fixes.proofs import proofs_in
from fixes.service import KEPT_BY_OTHERS, turn
from gateway.messages import Arrived
from gateway.ward import FOLLOWED, Ward
from jobs.eeg_judging import JudgePackets
from jobs.measurements import VITALS_RAW, Measurement
from jobs.record_results import STORED
from jobs.settings import JobSettings
from jobs.store import StoreMessages
from producers.consumer import Record
from producers.contract import (
    DEVICE_STATUS,
    EEG,
    MATCHES,
    PROOFS,
    REPORTS,
    TOPICS,
    VERDICTS,
    VITALS,
    WISHES,
)
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.schema import Topic, Wire
from producers.validation import verdict
from tests.alerts.matches import rules
from tests.alerts.postgres import postgres
from tests.fuzz.mutations import NOW_MS

Read = Callable[[Topic, Sequence[bytes]], list[str]]
"""Takes messages of one topic, and returns why each was set aside."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: which topics it reads, and how many messages it is tried with."""

    name: str
    topics: tuple[Topic, ...]
    messages: int
    open: Callable[[Path], AbstractContextManager[Read]]


JSON: Final = tuple(topic for topic in TOPICS if topic.wire is Wire.JSON)


@contextmanager
def _contract(_folder: Path) -> Iterator[Read]:
    def read(topic: Topic, payloads: Sequence[bytes]) -> list[str]:
        judged_all = [verdict(topic, each, NOW_MS) for each in payloads]
        return ["" if m is not None else "; ".join(why) for m, why in judged_all]

    yield read


@contextmanager
def _store(folder: Path) -> Iterator[Read]:
    """Make points of messages, as the jobs that store do."""
    settings = JobSettings(
        kafka_brokers="",
        influx_url="http://127.0.0.1:9",
        influx_org="o",
        influx_write_token_file=folder / "token",
    )
    stores = {
        topic.name: StoreMessages(topic, measurement, settings)
        for topic, measurement in _STORED
    }

    def read(topic: Topic, payloads: Sequence[bytes]) -> list[str]:
        read = [stores[topic.name].points(each, NOW_MS) for each in payloads]
        for points, payload in zip(read, payloads, strict=True):
            assert not any("\n" in line for line in points.lines)
            assert all(line.encode() for line in points.lines)
            message = verdict(topic, payload, NOW_MS).message or {}
            is_kept_by_none = message.get("patient_id") == SYNTHETIC_PATIENT_ID
            if topic is VITALS and not is_kept_by_none:
                assert points.lines or points.reason
        return [points.reason or "" for points in read]

    yield read


_STORED: Final[tuple[tuple[Topic, Measurement], ...]] = (*STORED, (VITALS, VITALS_RAW))


@contextmanager
def _eeg(_folder: Path) -> Iterator[Read]:
    """Judge EEG, and take samples apart."""
    judge = JudgePackets()

    def read(topic: Topic, payloads: Sequence[bytes]) -> list[str]:
        arrived = pd.Series([pd.Timestamp(NOW_MS, unit="ms")] * len(payloads))
        said = judge.eval(pd.Series(payloads, dtype=object), arrived)
        for each, reason in zip(payloads, said, strict=True):
            message = verdict(topic, each, NOW_MS).message
            try:
                assert message is None or np.isfinite(_samples_uv(message)).all()
            except PacketError:
                assert reason
        return [reason or "" for reason in said]

    yield read


def _samples_uv(message: dict[str, Any]) -> NDArray[np.float32]:
    scale = (message["rate_hz"], message["uv_per_count"])
    return decoded([message["samples"]], message["channels"], *scale)


_OF_ANOTHER: Final = b"was of another patient or pattern before"
"""Ids of matches are few here, so that one is often used again for another patient."""


@contextmanager
def _alerts(url: str) -> Iterator[Read]:
    """Serve alarms, turn by turn."""
    database = Database.open(url)
    service = Service(database, rules, tell_nobody)
    offset = count()

    def read(topic: Topic, payloads: Sequence[bytes]) -> list[str]:
        records = [
            Record(topic.name, 0, next(offset), each, b"key", NOW_MS)
            for each in payloads
        ]
        service.turn(records)
        with database.writing() as session:  # what the contract lets in can be folded
            asides = session.scalars(select(SetAsideRow.headers)).all()
        refused = [each for each in asides if _OF_ANOTHER not in each]
        assert refused == [], refused[:3]
        return [judged(each).reason for each in records]

    yield read
    database.close()


@contextmanager
def _alerts_on_sqlite(folder: Path) -> Iterator[Read]:
    with _alerts(f"sqlite:///{folder}/alarms.db") as read:
        yield read


@contextmanager
def _alerts_on_postgresql(_folder: Path) -> Iterator[Read]:
    with postgres() as server, _alerts(server.url) as read:
        yield read


@contextmanager
def _page(_folder: Path) -> Iterator[Read]:
    """Show a ward; what the page is told after each batch can be written as JSON."""
    ward = Ward(lambda patient_id: ("one", patient_id))

    def read(topic: Topic, payloads: Sequence[bytes]) -> list[str]:
        said = [ward.take(Arrived(topic.name, each, NOW_MS)) for each in payloads]
        orjson.dumps(ward.since(0, ""))
        return ["; ".join(reasons) for reasons in said]

    yield read


@contextmanager
def _fixes(_folder: Path) -> Iterator[Read]:
    """Hear at the desk of fixes, and at one that starts anew with the proofs."""
    desk = Desk()

    def read(topic: Topic, payloads: Sequence[bytes]) -> list[str]:
        given = [
            Record(topic.name, 0, number, each, b"key", NOW_MS)
            for number, each in enumerate(payloads)
        ]
        told = [*heard(given)]
        if topic is PROOFS:
            known = (each.message for each in told if each.message is not None)
            Desk().remember(proofs_in(known), NOW_MS)
            return ["; ".join(each.reasons) for each in told]
        asides = [dict(each.headers) for each in turn(desk, told, NOW_MS)]
        desk.out.clear()
        said = {int(each["source_offset"]): each["reason"].decode() for each in asides}
        kept_by_others = topic.name in KEPT_BY_OTHERS
        return [
            "; ".join(each.reasons) if kept_by_others else said.get(number, "")
            for number, each in enumerate(told)
        ]

    yield read


READERS: Final = (
    Reader("the contract", JSON, 80_000, _contract),
    Reader("the jobs that store", tuple(t for t, _ in _STORED), 50_000, _store),
    Reader("the job that scores EEG", (EEG,), 20_000, _eeg),
    Reader("the page", tuple(FOLLOWED.values()), 30_000, _page),
    Reader("alerts on SQLite", (MATCHES,), 15_000, _alerts_on_sqlite),
    Reader("alerts on PostgreSQL", (MATCHES,), 5_000, _alerts_on_postgresql),
    Reader("fixes", (WISHES, REPORTS, VERDICTS, DEVICE_STATUS, PROOFS), 10_000, _fixes),
)
"""Every reader there is."""
