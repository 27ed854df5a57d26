"""The SQL that makes seizures of seconds says what ``eeg.events`` says."""

import math
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import pytest
from numpy.typing import NDArray
from pyflink.table import TableEnvironment

from cep_patterns.seizure_suspected import PATTERN
from eeg import events
from eeg.background import stands_out_ln
from jobs import score_eeg
from jobs.eeg_events import EEG_SCORED, EEG_STATE, state_view
from jobs.in_process import collected, local_environment
from jobs.sql import interval
from tests.streams import EPOCH_MS, Message, in_time, seconds, write_lines

pytestmark = pytest.mark.flink

LENGTH_S = 1500
THRESHOLD = 0.5
SPELLS = ("calm", "loud", "likely", "unseen", "gone")
Numbers = NDArray[np.float64]
NOT_SEEN = (math.nan, math.nan)


class Recording(NamedTuple):
    """Seconds that begin at ``at_s``, as the model leaves them."""

    at_s: Numbers
    probability: Numbers
    log_line_length: Numbers

    @classmethod
    def random(cls, seed: int) -> Self:
        """Return seconds with seizures, seconds that are not known, and gaps."""
        chance = np.random.default_rng(seed)
        rows, spell, left = [], "calm", 0
        for t in range(LENGTH_S):
            if not left:
                spell = str(chance.choice(SPELLS, p=[0.5, 0.25, 0.1, 0.1, 0.05]))
                left = int(chance.choice([3, 7, 12, 40, 89, 90, 130]))
            left -= 1
            if spell != "gone":
                rows.append((float(t), *_second(spell, chance)))
        return cls(*np.array(rows).T)

    @property
    def stands_out_ln(self) -> Numbers:
        """How much louder than the background each second is."""
        return stands_out_ln(self.at_s, self.log_line_length)

    @property
    def power(self) -> Numbers:
        """The firing power after each second."""
        fires = events.fires(self.probability, self.stands_out_ln, THRESHOLD)
        return events.firing_power(self.at_s, fires)

    @property
    def events(self) -> list[tuple[float, float]]:
        """When each event was known, and when it was over."""
        found = events.events(
            self.at_s, self.probability, self.log_line_length, THRESHOLD
        )
        return [(event.found_s, event.end_s) for event in found]


def _second(spell: str, chance: np.random.Generator) -> tuple[float, float]:
    """Return a probability and a loudness, in hundredths: no bound lies between."""
    if spell == "unseen" or chance.random() < 0.02:
        return NOT_SEEN
    fires = chance.random() < {"calm": 0.02, "loud": 0.75, "likely": 0.6}[spell]
    loudness = (5.505 if spell == "loud" else 5.0) + int(chance.integers(-20, 21)) / 100
    return (THRESHOLD if fires else 0.49), round(loudness, 3)


def _paused(pause_s: int) -> Recording:
    """Return a seizure, a pause in which nothing comes, and calm."""
    at_s = np.concatenate([np.arange(20.0), 19.0 + pause_s + np.arange(200.0)])
    probability = np.where(at_s < 20, THRESHOLD, 0.0)
    return Recording(at_s, probability, np.full(len(at_s), 5.0))


RECORDINGS = {
    **{(f"p{n % 3}", f"d{n // 3}"): Recording.random(seed=n) for n in range(6)},
    ("short pause", "d0"): _paused(89),
    ("long pause", "d0"): _paused(90),
}
"""Each is of a patient and a device; some patients have two, at the same time."""


@pytest.fixture(scope="module")
def scored(
    tmp_path_factory: pytest.TempPathFactory,
    quick_java: None,  # noqa: ARG001 - it is started
) -> TableEnvironment:
    """Return an environment with the state after each second of the recordings."""
    path = tmp_path_factory.mktemp("events") / "scored.jsonl"
    t_env = local_environment(score_eeg.SHARED)
    streams = (_messages(*whose, each) for whose, each in RECORDINGS.items())
    t_env.execute_sql(_table(write_lines(in_time(*streams), path)))
    t_env.execute_sql(state_view())
    return t_env


def _messages(patient: str, device: str, recording: Recording) -> list[Message]:
    return [
        {
            "patient_id": patient,
            "device_id": device,
            "ts_ms": EPOCH_MS + round(at_s * 1000),
            "threshold": THRESHOLD,
            "good_channels": 2,
            "channels": ["Fp1", "Cz"],
            "probability": _known(probability),
            "log_line_length": _known(loudness),
        }
        for at_s, probability, loudness in zip(*recording, strict=True)
    ]


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _table(path: Path) -> str:
    return f"""
        CREATE TEMPORARY TABLE {EEG_SCORED} (
            patient_id STRING, device_id STRING, ts_ms BIGINT, probability DOUBLE,
            threshold DOUBLE, log_line_length DOUBLE, good_channels BIGINT,
            channels ARRAY<STRING>, ts AS TO_TIMESTAMP_LTZ(ts_ms, 3),
            WATERMARK FOR ts AS ts - {interval(1)}
        ) WITH (
            'connector' = 'filesystem', 'format' = 'json', 'path' = '{path.as_uri()}'
        )
    """


def test_the_recordings_have_events_of_every_kind() -> None:
    """Otherwise the tests below prove little."""
    lengths_s = [end - found for r in RECORDINGS.values() for found, end in r.events]
    assert len(lengths_s) >= 10
    assert min(lengths_s) < events.MERGE_S < max(lengths_s)
    for known in (RECORDINGS["p0", "d0"].stands_out_ln, RECORDINGS["p0", "d0"].power):
        assert {math.isnan(each) for each in known} == {True, False}


def test_the_state_after_each_second_is_that_of_the_reference(
    scored: TableEnvironment,
) -> None:
    """It is said of the second's end."""
    query = scored.sql_query(f"""
        SELECT patient_id, device_id, ts_ms, stands_out_ln, firing_power, seizing
        FROM {EEG_STATE}
    """)
    with query.execute().collect() as rows:
        said = {(*row[:2], seconds(row[2])): tuple(row)[3:] for row in rows}
    assert len(said) == sum(len(r.at_s) for r in RECORDINGS.values())
    for whose, recording in RECORDINGS.items():
        power = recording.power
        held = events.seizing(recording.at_s, power)
        after = zip(recording.at_s, recording.stands_out_ln, power, held, strict=True)
        for at_s, ln, share, seizing in after:
            about = _known(ln) if math.isnan(ln) else pytest.approx(ln, abs=1e-9)
            second = *whose, at_s + 1
            assert said[second] == (about, _known(share), seizing), second


def test_each_event_is_found_once_and_so_is_its_end(scored: TableEnvironment) -> None:
    """A second alone is none; the last may be over only after the file is."""
    [query] = score_eeg.find(scored, [PATTERN])
    found = [m for m in collected(scored, query) if m["severity"] == "medium"]
    begun = {(*_whose(m), seconds(m["started_ms"])) for m in found}
    ended = {
        (*_whose(m), seconds(m["started_ms"]), seconds(m["ended_ms"]))
        for m in found
        if m["phase"] == "ended"
    }
    expected = {
        (*whose, *event)
        for whose, recording in RECORDINGS.items()
        for event in recording.events
        if event[1] > event[0]
    }
    assert begun == {event[:3] for event in expected}
    assert ended <= expected
    over_s = LENGTH_S - events.MERGE_S
    assert not {event for event in expected - ended if event[-1] < over_s - 1}


def _whose(match: Message) -> tuple[str, str]:
    return str(match["patient_id"]), str(match["device_id"])
