"""Only readings that can be used keep the stream from being silent."""

import json
import time

import pytest
from confluent_kafka import KafkaException, Producer
from hypothesis import given
from hypothesis import strategies as st

from alerts import usable_readings
from alerts.usable_readings import UsableReadings, is_usable
from producers.contract import VITALS
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.offsets import Offsets
from producers.progress import Place
from stack.waiting import until
from tests.broker import Broker

NOW_MS = time.time_ns() // 1_000_000
NAMES = {"patient_id": "p-1", "device_id": "d-1", "ts_ms": NOW_MS}


def reading(**columns: object) -> bytes:
    return json.dumps({**NAMES, **columns}).encode()


GOOD = reading(heart_rate_bpm=72)
GARBAGE = (
    b"",
    b"\xff\x00garbage",
    b'{"patient_id": "p-1", "heart_rate_bpm": 7',
    b"[1, 2, 3]",
    b"{}",
    reading(patient_id=None, heart_rate_bpm=72),
    reading(device_id=[], heart_rate_bpm=72),
    reading(ts_ms="today", heart_rate_bpm=72),
    reading(ts_ms=NOW_MS + 10**9, heart_rate_bpm=72),
    reading(heart_rate_bpm="fast", spo2_pct={}, signal_quality_pct=95),
    reading(heart_rate_bpm=None, seq=7),
    reading(),
)
OWN = reading(patient_id=SYNTHETIC_PATIENT_ID, heart_rate_bpm=72)


@pytest.mark.parametrize("payload", [*GARBAGE, OWN], ids=range(len(GARBAGE) + 1))
def test_what_nobody_can_use_is_no_reading_of_a_device(payload: bytes) -> None:
    assert not is_usable(payload, NOW_MS)


@pytest.mark.parametrize(
    "columns",
    [
        {"heart_rate_bpm": 72},
        {"temperature_c": 37.0},
        {"heart_rate_bpm": "72"},
        {"heart_rate_bpm": "fast", "spo2_pct": 97},
        {"spo2_pct": 0, "signal_quality_pct": 0},
        {"heart_rate_bpm": 612},
        {"heart_rate_bpm": 255},
        {"systolic_mmhg": 16.0, "pulse_rate_bpm": "fast", "heart_rate_bpm": 255},
    ],
)
def test_a_number_for_a_vital_sign_is_one_also_where_it_cannot_be(
    columns: dict[str, object],
) -> None:
    """Of a number that cannot be, other alarms name the device."""
    assert is_usable(reading(**columns), NOW_MS)


@given(
    st.binary()
    | st.dictionaries(
        st.sampled_from([column.name for column in VITALS.columns]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    ).map(lambda odd: reading(**odd))
)
def test_no_bytes_end_the_watch(payload: bytes) -> None:
    for spoiled in (
        payload,
        b"\xef\xbb\xbf" + payload,
        payload.decode("latin-1").encode("utf-16"),
    ):
        assert is_usable(spoiled, NOW_MS) in {True, False}


class Ward:
    """Devices that write, and the one who counts whether it can be used."""

    def __init__(self, real: Broker) -> None:
        self._settings = {"bootstrap.servers": real.address, "log_level": 0}
        self._offsets = Offsets(real.address)
        self.readings = UsableReadings(real.address)
        until(self._leads, otherwise=lambda: "nobody leads partitions")
        self.count()

    def write(self, *payloads: bytes, partition: int = 0) -> None:
        """Write to one partition."""
        producer = Producer(self._settings)
        for each in payloads:
            producer.produce(VITALS.name, each, partition=partition, key=b"p-1")
        assert producer.flush(60) == 0

    def transact(self, payload: bytes) -> None:
        """Write in a transaction: behind the message stands what is none."""
        producer = Producer({**self._settings, "transactional.id": "ward"})
        producer.init_transactions(60)
        producer.begin_transaction()
        producer.produce(VITALS.name, payload, partition=0)
        producer.commit_transaction(60)

    def count(self) -> int | None:
        """Look once more."""
        return self.readings.count(self._ends())

    def _leads(self) -> bool:
        """Return whether partitions of topics that were just made have a leader."""
        try:
            return bool(self._ends())
        except KafkaException:
            return False

    def _ends(self) -> dict[Place, int]:
        return self._offsets.ends(self._offsets.topics([VITALS.name]).places)


@pytest.fixture
def ward(real: Broker) -> Ward:
    """Return a ward that has been looked at once."""
    return Ward(real)


@pytest.mark.system
def test_garbage_alone_does_not_count_and_one_reading_behind_it_does(
    ward: Ward,
) -> None:
    before = ward.count()
    assert before is not None
    ward.write(*GARBAGE, OWN)
    ward.write(*GARBAGE, partition=1)
    ward.transact(b"garbage")
    assert ward.count() == before
    assert ward.count() == before
    ward.write(*GARBAGE, GOOD, *GARBAGE, partition=1)
    assert ward.count() == before + 1
    assert ward.count() == before + 1
    ward.write(GOOD)
    assert ward.count() == before + 2


@pytest.mark.system
def test_what_was_there_before_the_first_look_does_not_count(real: Broker) -> None:
    Ward(real).write(GOOD)
    assert Ward(real).count() == 0


@pytest.mark.system
def test_of_a_flood_nobody_can_tell_and_of_what_comes_next_they_can(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ward.count()
    monkeypatch.setattr(usable_readings, "MOST", 10)
    ward.write(*[b"garbage"] * 11)
    assert ward.count() is None
    ward.write(*[b"garbage"] * 10)
    assert ward.count() == before


def test_while_the_broker_is_away_nobody_can_tell() -> None:
    assert UsableReadings("127.0.0.1:1").count(None) is None
