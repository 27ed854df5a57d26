"""What is learned as usual is what pandas finds usual, and no more than that."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest

from producers.contract import BASELINES, MATCHES, VITAL_SIGNS, VITALS
from tests import reference
from tests.streams import EPOCH_MS, Message, message, write_lines

pytestmark = pytest.mark.flink

MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 86_400
LEARNED_MS: Final = EPOCH_MS + 7 * DAY_S * 1000
SIGNS: Final = [sign.name for sign in VITAL_SIGNS]

Row = dict[str, object]
Key = tuple[str, str, int]
Stay = tuple[float, float]
"""From when to when there are readings, in s."""

STAYS: Final[Mapping[str, list[Stay]]] = {
    "steady": [(0, 4 * DAY_S)],
    "ill": [(0, 3 * DAY_S)],
    "moved": [(0, 3 * DAY_S)],
    "restarted": [(0, 3 * DAY_S)],
    "two-days": [(0, 2 * DAY_S)],
    "mornings": [(d * DAY_S + 8 * HOUR_S, d * DAY_S + 11 * HOUR_S) for d in range(4)],
    "new": [(0, 11 * HOUR_S)],
    "long-gone": [(-4 * DAY_S, -DAY_S)],
}
"""Each patient is one case."""


def history() -> Iterator[Message]:
    """Yield a reading a minute, higher by day, with artefacts, and an episode each."""
    rng = np.random.default_rng(5)
    for patient, stays in STAYS.items():
        for t in np.concatenate([np.arange(*stay, MINUTE_S) for stay in stays]):
            by_day = 8 <= t % DAY_S / HOUR_S < 20
            rate = 60 + 12 * by_day + rng.normal(0, 3)
            if ill(patient, t):
                rate = 150.0
            if (odd := rng.random()) < 0.02:
                rate = 612.0 if odd < 0.005 else 240.0  # implausible, or an artefact
            yield reading(patient, float(t), rate, spo2=97 + rng.normal(0, 0.5))


def reading(patient: str, t: float, rate: float, spo2: float) -> Message:
    device = f"{patient}-{'second' if moved(patient, t) else 'first'}"
    values = {"heart_rate_bpm": round(rate, 1), "spo2_pct": round(spo2)}
    return message(t, patient, **values, device_id=device)


def ill(patient: str, t: float) -> bool:
    """Return whether a patient's heart races: on the second day, most of it."""
    return patient in {"ill", "restarted"} and 1.2 * DAY_S <= t <= 1.9 * DAY_S


def moved(patient: str, t: float) -> bool:
    """Return whether a patient has the second device by now."""
    return patient == "moved" and t >= 0.5 * DAY_S


def match(
    patient: str,
    number: int,
    started: float,
    ended: float | None,
    device: str = "first",
) -> Row:
    """Return a match as it stands in the topic when it is over, or not yet."""
    return {
        "match_id": f"{patient}-{number}",
        "pattern_name": "racing",
        "kind": "technical" if patient == "steady" else "clinical",
        "phase": "ended" if ended is not None else "ongoing",
        "patient_id": patient,
        "device_id": f"{patient}-{device}",
        "started_ms": EPOCH_MS + round(started * 1000),
        "ended_ms": None if ended is None else EPOCH_MS + round(ended * 1000),
        "ts_ms": EPOCH_MS + round(started * 1000) + 30_000,
    }


MATCHED: Final = [
    match("steady", 1, 0, 4 * DAY_S),  # of its equipment: no reason to leave it out
    match("ill", 1, 1.2 * DAY_S, None),
    match("ill", 1, 1.2 * DAY_S, 1.9 * DAY_S),
    match("moved", 1, 0.4 * DAY_S, None),  # never ended: that device is gone
    match("moved", 2, 1.5 * DAY_S, 1.6 * DAY_S, "second"),  # and ends none of it
    match("restarted", 1, 1.2 * DAY_S, None),  # its end was lost with the job's state
    match("restarted", 2, 1.5 * DAY_S, 1.9 * DAY_S),
]


@pytest.fixture(scope="module")
def learned(
    tmp_path_factory: pytest.TempPathFactory,
    quick_java: None,  # noqa: ARG001 - it is started
) -> dict[Key, Row]:
    """Run the job's query over the history; return its rows by key."""
    from jobs.environment import batch_environment  # noqa: PLC0415 - it takes seconds
    from jobs.in_process import collected, read_file  # noqa: PLC0415
    from jobs.learn_baselines import learn  # noqa: PLC0415

    folder, t_env = tmp_path_factory.mktemp("history"), batch_environment("test")
    read_file(t_env, VITALS, write_lines(history(), folder / "vitals.jsonl"))
    read_file(t_env, MATCHES, write_lines(MATCHED, Path(folder, "matches.jsonl")))
    rows = collected(t_env, learn(t_env, LEARNED_MS), BASELINES)
    by_key = {key_of(row): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


def key_of(row: Row) -> Key:
    patient, sign, hour = (row[name] for name in BASELINES.keys)
    return str(patient), str(sign), int(str(hour))


def worked_out() -> dict[Key, Row]:
    """Return the same rows as pandas works them out, a group at a time."""
    table = reference.usable(list(history()))
    table = table[table["ts_ms"] >= LEARNED_MS - 7 * DAY_S * 1000]
    table = table[~in_episode(table)]
    rows: dict[Key, Row] = {}
    for sign in ("heart_rate_bpm", "spo2_pct"):
        for patient, known in table.dropna(subset=[sign]).groupby("patient_id"):
            any_hour = usual(known, sign, minutes=720, hours=12, days=2)
            for hour in range(24):
                own = known[known["ts_ms"] // 3_600_000 % 24 == hour]
                if row := usual(own, sign, minutes=60, hours=1, days=3):
                    rows[str(patient), sign, hour] = row | {"basis": "this_hour"}
                elif any_hour:
                    rows[str(patient), sign, hour] = any_hour | {"basis": "any_hour"}
    return rows


def in_episode(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return which readings are in a minute with an episode, as told above."""
    day = (table["ts_ms"] - EPOCH_MS) / 1000 / DAY_S
    told = table["patient_id"].isin(["ill", "restarted"]) & day.between(1.2, 1.9)
    told |= (table["patient_id"] == "moved") & day.between(1.5, 1.6)
    return told | (table["device_id"] == "moved-first") & (day >= 0.4)


def usual(known: pd.DataFrame, sign: str, minutes: int, hours: int, days: int) -> Row:
    """Return median and spread of readings that are one a minute, if enough."""
    ts_ms, values = known["ts_ms"], known[sign]
    counts = len(known), (ts_ms // 3_600_000 % 24).nunique(), (ts_ms // 86400000)
    if counts[0] < minutes or counts[1] < hours or counts[2].nunique() < days:
        return {}
    deviation = float((values - values.median()).abs().median())
    return {
        "median": pytest.approx(values.median()),
        "spread": pytest.approx(1.4826 * deviation),
        "readings": len(known),
        "since_ms": ts_ms.min(),
        "until_ms": ts_ms.max() + 60_000,
    }


def test_rows_are_those_of_pandas(learned: dict[Key, Row]) -> None:
    expected = worked_out()
    assert set(learned) == set(expected)
    for key, row in expected.items():
        assert {name: learned[key][name] for name in row} == row, key
    assert {row["learned_ms"] for row in learned.values()} == {LEARNED_MS}


def hours_of(learned: dict[Key, Row], patient: str) -> dict[int, object]:
    """Return each hour that has a usual heart rate, and what it rests on."""
    found = ((key, row) for key, row in learned.items() if key[0] == patient)
    return {hour: row["basis"] for (_, sign, hour), row in found if sign == SIGNS[0]}


def test_a_patient_without_history_has_none(learned: dict[Key, Row]) -> None:
    assert hours_of(learned, "new") == {}
    assert hours_of(learned, "long-gone") == {}


def test_an_hour_needs_three_days_of_its_own(learned: dict[Key, Row]) -> None:
    assert hours_of(learned, "steady") == dict.fromkeys(range(24), "this_hour")
    assert hours_of(learned, "two-days") == dict.fromkeys(range(24), "any_hour")


def test_mornings_say_nothing_of_a_night(learned: dict[Key, Row]) -> None:
    assert hours_of(learned, "mornings") == dict.fromkeys((8, 9, 10), "this_hour")


def test_an_hour_left_out_on_one_of_three_days_falls_back(
    learned: dict[Key, Row],
) -> None:
    assert hours_of(learned, "ill")[12] == "any_hour"
    assert hours_of(learned, "ill")[2] == "this_hour"


@pytest.mark.parametrize("patient", ["steady", "ill", "restarted", "moved"])
def test_neither_artefacts_nor_alarms_are_usual(
    learned: dict[Key, Row], patient: str
) -> None:
    night = learned[patient, "heart_rate_bpm", 2]
    assert night["median"] == pytest.approx(60, abs=0.8)
    assert night["spread"] == pytest.approx(3, abs=0.8)
