"""Only what the contract allows reaches a tile."""

import orjson
import pytest

from gateway.messages import decoded, usable
from producers.contract import EEG_SCORES, SCORES, VITALS
from tests.gateway import small_ward

NOW_MS = 1_767_225_600_000
WHOLE = {
    "ts_ms": NOW_MS,
    "patient_id": "p",
    "device_id": "d",
    "heart_rate_bpm": 72,
    "consciousness": "A",
}


def judged(**changed: object) -> object:
    return usable(VITALS, {**WHOLE, **changed}, NOW_MS)


def test_a_good_message_is_used_as_it_is() -> None:
    assert judged() == WHOLE


@pytest.mark.parametrize("payload", [None, b"", b"\xff", b"[1]", b'"text"'])
def test_what_is_no_object_is_no_message(payload: bytes | None) -> None:
    assert decoded(payload) is None


@pytest.mark.parametrize("missing", ["ts_ms", "patient_id", "device_id"])
def test_without_what_it_must_have_it_is_no_message(missing: str) -> None:
    assert judged(**{missing: None}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("heart_rate_bpm", 0),
        ("heart_rate_bpm", 300),
        ("heart_rate_bpm", "72"),
        ("heart_rate_bpm", True),
        ("spo2_pct", 100.1),
        ("consciousness", "X"),
        ("consciousness", 3),
        ("on_oxygen", "yes"),
        ("on_oxygen", 1),
        ("on_oxygen", [True]),
    ],
)
def test_a_value_that_cannot_be_counts_as_missing(name: str, value: object) -> None:
    assert name not in judged(**{name: value})  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "value"), [("heart_rate_bpm", 299.9), ("spo2_pct", 100), ("spo2_pct", 0.1)]
)
def test_an_extreme_but_possible_value_is_shown(name: str, value: float) -> None:
    assert judged(**{name: value})[name] == value  # type: ignore[index]


def test_a_time_from_the_future_would_hide_all_that_comes_later() -> None:
    latest_ms = NOW_MS + VITALS.max_ahead_ms
    assert judged(ts_ms=latest_ms) is not None
    assert judged(ts_ms=latest_ms + 1) is None


def test_a_time_of_long_ago_is_no_time() -> None:
    assert judged(ts_ms=NOW_MS - VITALS.max_age_ms) is not None
    assert judged(ts_ms=NOW_MS - VITALS.max_age_ms - 1) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total", 2**31),
        ("total", -(2**31) - 1),
        ("respond_by_ms", 2**63),
        ("respond_by_ms", 1e300),
        ("marked", "yes"),
        ("parts", "none"),
        ("parts", []),
    ],
)
def test_what_the_type_cannot_hold_counts_as_missing(name: str, value: object) -> None:
    _, payload = small_ward.score(9, NOW_MS)
    message = {**orjson.loads(payload or b""), name: value}
    used = usable(SCORES, message, NOW_MS)
    assert used
    assert name not in used


def test_of_a_part_of_a_score_only_what_fits_is_used() -> None:
    _, payload = small_ward.score(1, NOW_MS)
    good = {"lowest": 1, "highest": 2, "age_s": 0.5}
    wrong = {"pulse": {**good, "lowest": "one", "more": [[1]]}, "other": 3}
    message = {**orjson.loads(payload or b""), "parts": {**wrong, "respiration": good}}
    used = usable(SCORES, message, NOW_MS)
    assert used
    assert used["parts"] == {"pulse": {"highest": 2, "age_s": 0.5}, "respiration": good}


@pytest.mark.parametrize(
    ("name", "value", "is_used"),
    [
        ("channels", ["C3", "C4"], True),
        ("channels", ["C3", 4], False),
        ("channels", "C3", False),
        ("channel_probability", [0.5, None], True),
        ("channel_probability", [0.5, "high"], False),
        ("channel_probability", {"C3": 0.5}, False),
    ],
)
def test_a_list_is_used_if_each_of_it_fits(
    name: str, value: object, *, is_used: bool
) -> None:
    _, payload = small_ward.eeg(1, NOW_MS, seizing=True)
    message = {**orjson.loads(payload or b""), name: value}
    used = usable(EEG_SCORES, message, NOW_MS)
    assert used
    assert used.get(name) == (value if is_used else None)
