"""Ten thousand hostile messages on every topic: each good one among them counts.

The good ones are in a partition of their own with others whose times are theirs:
a message of which the time cannot be read moves event time of its partition to now.
"""

import time
from collections.abc import Iterator
from random import Random
from typing import Final

import orjson
import pytest
from confluent_kafka import Consumer, TopicPartition
from sqlalchemy import func, select

from alerts.database import Database
from alerts.settings import AlertSettings
from alerts.tables import AlarmRow
from fixes.cli import wish_for
from fixes.wishes import wish_message
from jobs.measurements import VITALS_RAW
from producers.contract import EEG, MATCHES, PROOFS, TOPICS, VITALS, WISHES
from producers.schema import Topic, Wire
from stack.flink_jobs import JOBS, job_name
from stack.waiting import PATIENCE_S
from tests.alerts.matches import ended, ongoing
from tests.hostile import Message, good, hostile, spoiled
from tests.ward import Placed, Raw, Ward, eventually

pytestmark = pytest.mark.system

SEED: Final = 17
MANY: Final = 10_000
SHARE: Final = 20
"""One of so many hostile messages stands in the partition of the good ones."""
PATIENTS: Final = 5
LENGTH_S: Final = 45
NOBODY: Final = "nobody-heard-it"
"""A device: a wish for it is refused, with the reason."""
SERVICES: Final = ("alerts", "fixes", "gateway")
WRITTEN: Final = [topic for topic in TOPICS if topic.wire is Wire.JSON]
KEYS: Final = (None, b"", b"key", b"\0\xff", b"[1]", b'{"patient_id": 7}')


@pytest.fixture(scope="module")
def before(ward: Ward) -> dict[str, int]:
    """Return what shows that something was started again: restarts and processes."""
    return _lives(ward)


@pytest.fixture(scope="module")
def begin_ms(ward: Ward, before: dict[str, int]) -> int:
    """Write everything; return when the good readings begin."""
    assert set(map(job_name, JOBS)) <= before.keys()
    begin_ms = now_ms() + 1_000
    ward.publish(_good_matches(begin_ms), MATCHES)
    for topic in WRITTEN:
        ward.write(_stream(topic, begin_ms), topic)
    ward.publish(_good_wish(begin_ms), WISHES)
    return begin_ms


def _lives(ward: Ward) -> dict[str, int]:
    return ward.restarts() | {name: ward.supervisor.pid(name) for name in SERVICES}


def now_ms() -> int:
    """Return the time by the clock on the wall."""
    return time.time_ns() // 1_000_000


def _stream(topic: Topic, begin_ms: int) -> Iterator[Placed]:
    """Yield the good messages evenly among the hostile."""
    dice, last = Random(SEED), topic.partitions - 1  # noqa: S311 - nothing is secret
    among = list(_good(topic, begin_ms))
    for number in range(MANY):
        before, until = (n * len(among) // MANY for n in (number, number + 1))
        for message in among[before:until]:
            key = str(message["patient_id"]).encode()
            yield Placed(last, key, orjson.dumps(message))
        odd = dice.choice(_keys(topic))
        if number % SHARE == 0:
            yield Placed(last, odd, spoiled(topic, dice, begin_ms))
        elif number % SHARE == 1:
            yield Placed(dice.randrange(last), odd, None)
        else:
            yield Placed(dice.randrange(last), odd, hostile(topic, dice, begin_ms))
    if topic is VITALS:
        yield Placed(last, b"late", _late_and_growing(begin_ms))


def _keys(topic: Topic) -> tuple[bytes | None, ...]:
    """Return keys that the broker takes: of one without it refuses the whole batch."""
    return tuple(key for key in KEYS if key is not None or not topic.compacted)


def _late_and_growing(begin_ms: int) -> bytes:
    """Return a late reading that is longer than a message may be once written again."""
    reading = _reading(good(VITALS, begin_ms, "growing")) | {"consciousness": "?"}
    return orjson.dumps(reading).replace(b"?", b"\t" * 1_000_000)


def _good(topic: Topic, begin_ms: int) -> Iterator[Message]:
    for second in range(LENGTH_S):
        for number in range(PATIENTS):
            message = good(topic, begin_ms + second * 1000, f"valid-{number}")
            if topic is VITALS:
                yield _reading(message)
            elif topic is EEG:
                yield message


def _reading(message: Message) -> Message:
    """Return a reading of a patient who is well but for the saturation."""
    kept = ("ts_ms", "patient_id", "device_id")
    return {name: message[name] for name in kept} | {"spo2_pct": 80.0}


def _good_matches(begin_ms: int) -> Iterator[Raw]:
    for number in range(PATIENTS):
        name, at_s = f"valid-{number}", begin_ms / 1000
        found = ongoing(f"{name}-match", at_s, patient=name)
        for match in (found, ended(found, at_s + 1)):
            yield name, match.model_dump_json(exclude_none=True).encode()


def _good_wish(begin_ms: int) -> Iterator[Raw]:
    wish = wish_for(NOBODY, "restart", None, None, 60.0, "test")
    yield wish.device_id, orjson.dumps(wish_message(wish, begin_ms))


def test_each_good_reading_is_stored(ward: Ward, begin_ms: int) -> None:
    eventually(
        lambda: len(ward.points(VITALS_RAW, "valid-", ["spo2_pct"])),
        PATIENTS * LENGTH_S,
    )
    assert begin_ms


def test_what_is_wrong_with_a_good_patient_is_found(ward: Ward, begin_ms: int) -> None:
    wanted = {f"valid-{number}" for number in range(PATIENTS)}

    def found() -> set[str]:
        ward.let_time_pass(now_ms())
        matches = _of_good(ward, MATCHES)
        return {str(m["patient_id"]) for m in matches if _is_it(m, begin_ms)} & wanted

    eventually(found, wanted)


def _of_good(ward: Ward, topic: Topic, name: bytes = b'"valid-') -> list[Message]:
    """Return the messages that name what is good: none of those is hostile."""
    values = (record.value or b"" for record in ward.read(topic))
    return [orjson.loads(value) for value in values if name in value]


def _is_it(match: Message, begin_ms: int) -> bool:
    return (match["pattern_name"], match["started_ms"]) == ("desaturation", begin_ms)


def test_each_good_match_is_an_alarm(begin_ms: int) -> None:
    database = Database.open(AlertSettings().database_url)

    def alarms() -> int:
        with database.reading() as session:
            query = select(func.count()).where(
                AlarmRow.patient_id.startswith("valid-"),
                AlarmRow.pattern_name == "tachypnoea",
            )
            return session.scalar(query) or 0

    eventually(alarms, PATIENTS)
    database.close()
    assert begin_ms


def test_a_good_wish_is_answered(ward: Ward, begin_ms: int) -> None:
    eventually(lambda: bool(_of_good(ward, PROOFS, NOBODY.encode())), expected=True)
    assert begin_ms


def test_nothing_was_started_again_and_nothing_is_left_unread(
    ward: Ward, before: dict[str, int], begin_ms: int
) -> None:
    assert begin_ms
    eventually(lambda: _unread(ward), {})
    after = _lives(ward)
    assert {name: after.get(name) for name in before} == before


def _unread(ward: Ward) -> dict[str, int]:
    """Return how many messages each reader has not read yet, where there are any."""
    lags = {group: _lag(ward, group) for group in (*map(job_name, JOBS), "fixes")}
    return {name: lag for name, lag in lags.items() if lag}


def _lag(ward: Ward, group: str) -> int:
    """Return how many messages a group has not read of what it ever read."""
    settings = {"bootstrap.servers": ward.settings.kafka_brokers, "group.id": group}
    asker = Consumer(settings)
    try:
        every = [TopicPartition(t.name, p) for t in TOPICS for p in range(t.partitions)]
        read = [p for p in asker.committed(every, timeout=PATIENCE_S) if p.offset >= 0]
        ends = [asker.get_watermark_offsets(p, timeout=PATIENCE_S)[1] for p in read]
        return sum(end - p.offset for p, end in zip(read, ends, strict=True))
    finally:
        asker.close()
