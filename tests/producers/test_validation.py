"""What is wrong with a message is said, and the rest of it is used."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.contract import EEG, EEG_SCORES, SCORES, VITAL_SIGNS, VITALS
from producers.schema import DAY_MS, MOST_MESSAGE_BYTES
from producers.setting_aside import MOST_REASON_BYTES
from producers.validation import verdict

NOW_MS = 1_767_225_600_000
GOOD = {
    "ts_ms": NOW_MS,
    "patient_id": "p",
    "device_id": "d",
    "seq": 7,
    "heart_rate_bpm": 72.0,
    "spo2_pct": 97.0,
    "on_oxygen": False,
    "consciousness": "A",
}


def judged(**changes: object) -> tuple[dict[str, object] | None, tuple[str, ...]]:
    payload = json.dumps({**GOOD, **changes}).encode()
    return verdict(VITALS, payload, NOW_MS)


def test_a_good_message_is_used_as_it_is() -> None:
    assert judged() == (GOOD, ())


def test_a_whole_number_is_a_number() -> None:
    message, reasons = judged(heart_rate_bpm=72)
    assert (message or {})["heart_rate_bpm"] == 72.0
    assert isinstance((message or {})["heart_rate_bpm"], float)
    assert reasons == ()


def test_null_is_missing_and_nothing_is_made_up() -> None:
    message, reasons = judged(spo2_pct=None)
    assert "spo2_pct" not in (message or {})
    assert reasons == ()


def test_what_the_contract_does_not_know_is_ignored() -> None:
    assert judged(firmware="1.2" * 100_000) == (GOOD, ())


@pytest.mark.parametrize(
    "payload",
    [
        None,
        b"",
        b"hello",
        b"[]",
        b"[1, 2]",
        b"null",
        b"12",
        b'"text"',
        b'{"ts_ms": 1',
        b'{"heart_rate_bpm": NaN}',
        b"\xff\xfe\x00",
        bytes(range(256)),
        b"x" * 1_000_000,
        b"[" * 100_000,
    ],
    ids=lambda payload: repr(payload)[:20],
)
def test_what_is_no_json_object_is_not_used(payload: bytes | None) -> None:
    message, (reason,) = verdict(VITALS, payload, NOW_MS)
    assert message is None
    assert reason.startswith("not_json")


@pytest.mark.parametrize("name", ["ts_ms", "patient_id", "device_id"])
def test_a_required_column_must_be_there(name: str) -> None:
    message, reasons = judged(**{name: None})
    assert message is None
    assert reasons == (f"missing {name}: every message must have one",)


@pytest.mark.parametrize("patient_id", ["", "x" * 65, "x" * 1_000_000])
def test_an_identifier_is_short_and_not_empty(patient_id: str) -> None:
    message, reasons = judged(patient_id=patient_id)
    assert message is None
    assert reasons[0].startswith("length patient_id")


@pytest.mark.parametrize(
    ("ahead_ms", "used"),
    [
        (60_000, True),
        (60_001, False),
        (-28 * DAY_MS, True),
        (-28 * DAY_MS - 1, False),
        (-NOW_MS, False),
        (2**62, False),
    ],
)
def test_a_time_far_from_its_arrival_is_absurd(ahead_ms: int, *, used: bool) -> None:
    message, reasons = judged(ts_ms=NOW_MS + ahead_ms)
    assert (message is not None) is used
    assert used or reasons[0].startswith("absurd_time ts_ms")


@pytest.mark.parametrize(
    ("name", "value", "used"),
    [
        ("heart_rate_bpm", 0, False),
        ("heart_rate_bpm", 0.1, True),
        ("heart_rate_bpm", 299.9, True),
        ("heart_rate_bpm", 300, False),
        ("heart_rate_bpm", -1, False),
        ("spo2_pct", 0, False),
        ("spo2_pct", 100, True),
        ("spo2_pct", 100.1, False),
        ("temperature_c", 10, False),
        ("temperature_c", 50, False),
        ("systolic_mmhg", 1e308, False),
        ("systolic_mmhg", "nan", False),
        ("signal_quality_pct", "inf", False),
        ("consciousness", "X", False),
    ],
)
def test_an_impossible_value_is_left_out_and_the_rest_is_used(
    name: str, value: object, *, used: bool
) -> None:
    message, reasons = judged(**{name: value})
    assert message is not None
    assert (name in message) is used
    assert {**message, name: GOOD.get(name)} == {**GOOD, name: GOOD.get(name)}
    assert len(reasons) == (0 if used else 1)
    assert all(name in reason for reason in reasons)


@pytest.mark.parametrize("value", ["fast", True, [72], {"bpm": 72}, ""])
def test_a_value_of_the_wrong_type_is_left_out_and_named(value: object) -> None:
    message, (reason,) = judged(heart_rate_bpm=value)
    assert message is not None
    assert "heart_rate_bpm" not in message
    assert reason.startswith("wrong_type heart_rate_bpm")


@pytest.mark.parametrize("value", ["soon", True, [NOW_MS], ""])
def test_a_time_of_the_wrong_type_leaves_nothing_to_use(value: object) -> None:
    message, reasons = judged(ts_ms=value)
    assert message is None
    assert reasons[0].startswith("wrong_type ts_ms")


def test_a_time_with_a_fraction_is_used_and_reported() -> None:
    message, (reason,) = judged(ts_ms=NOW_MS + 0.5)
    assert (message or {})["ts_ms"] == NOW_MS
    assert reason.startswith("wrong_type ts_ms")


def test_a_number_in_quotes_is_used_and_reported() -> None:
    message, (reason,) = judged(heart_rate_bpm="72", patient_id="p")
    assert (message or {})["heart_rate_bpm"] == 72.0
    assert reason == "wrong_type heart_rate_bpm: '72' is no DOUBLE"


def test_all_that_is_wrong_is_said_at_once() -> None:
    _, reasons = judged(patient_id=None, heart_rate_bpm=612, consciousness="?")
    assert [reason.split(":")[0] for reason in reasons] == [
        "implausible heart_rate_bpm",
        "not_allowed consciousness",
        "missing patient_id",
    ]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_it_raise(payload: bytes) -> None:
    message, reasons = verdict(VITALS, payload, NOW_MS)
    assert message is not None or reasons


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([c.name for c in VITALS.columns]), json_values))
def test_whatever_is_used_is_plausible(given_values: dict[str, object]) -> None:
    message, _ = verdict(VITALS, json.dumps(given_values).encode(), NOW_MS)
    for sign in VITAL_SIGNS:
        value = (message or {}).get(sign.name)
        if value is not None and sign.plausible is not None:
            assert isinstance(value, float)
            assert sign.plausible.above < value <= sign.plausible.below


def test_of_many_faults_a_few_are_named_and_the_worst_first() -> None:
    wrong = dict.fromkeys([sign.name for sign in VITAL_SIGNS], "x" * 100_000)
    message, reasons = judged(**wrong, patient_id=None)
    assert message is None
    assert reasons[0] == "missing patient_id: every message must have one"
    assert len(reasons) == 6
    assert reasons[-1] == "and 3 more"
    assert len("; ".join(reasons).encode()) <= MOST_REASON_BYTES


@pytest.mark.parametrize("length", [10, 10_000, 100_000])
def test_the_reasons_of_a_list_fit_a_header(length: int) -> None:
    zeros = {**SECOND, "channels": [0] * length}
    _, reasons = verdict(EEG, json.dumps(zeros).encode(), NOW_MS)
    assert len("; ".join(reasons).encode()) <= MOST_REASON_BYTES


@pytest.mark.parametrize(
    ("blanks", "used"),
    [
        (MOST_MESSAGE_BYTES - 200, True),
        (MOST_MESSAGE_BYTES, False),
        (50_000_000, False),
    ],
)
def test_a_message_that_is_long_unpacked_is_not_read(
    blanks: int, *, used: bool
) -> None:
    payload = b" " * blanks + json.dumps(GOOD).encode()
    message, reasons = verdict(VITALS, payload, NOW_MS)
    assert (message is not None) is used
    assert used or reasons[0].startswith("too_long")


def test_whatever_raises_while_a_message_is_judged_is_its_own_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("producers.validation.json_object", fails)
    message, (reason,) = judged()
    assert message is None
    assert reason.startswith("unreadable: ZeroDivisionError")


SCORED = {"ts_ms": NOW_MS, "patient_id": "p", "score_name": "news2", "lowest": 3}


def scored(parts: object) -> tuple[dict[str, object] | None, tuple[str, ...]]:
    return verdict(SCORES, json.dumps({**SCORED, "parts": parts}).encode(), NOW_MS)


def test_a_map_of_rows_is_used_as_it_is() -> None:
    parts = {"pulse": {"lowest": 0, "highest": 3}, "temperature": {"age_s": 7.0}}
    assert scored(parts) == ({**SCORED, "parts": parts}, ())


def test_what_is_unusable_in_a_map_is_left_out_alone() -> None:
    parts = {"pulse": {"lowest": "x", "highest": 3, "age_s": 7}, "temperature": 1}
    message, (reason,) = scored(parts)
    assert (message or {})["parts"] == {"pulse": {"highest": 3, "age_s": 7.0}}
    assert reason == (
        "wrong_type parts.pulse.lowest: 'x' is no INT;"
        " wrong_type parts.temperature: 1 is no ROW"
    )


def test_what_is_no_map_is_missing() -> None:
    assert scored([1]) == (SCORED, ("wrong_type parts: [1] is no MAP",))


SECOND = {
    "ts_ms": NOW_MS,
    "patient_id": "p",
    "device_id": "d",
    "rate_hz": 256.0,
    "channels": ["Fp1", "Fp2"],
    "uv_per_count": 0.1,
    "samples": "AAAA",
}


def eeg(**changes: object) -> tuple[dict[str, object] | None, tuple[str, ...]]:
    return verdict(EEG, json.dumps({**SECOND, **changes}).encode(), NOW_MS)


def test_a_list_of_texts_is_used_as_it_is() -> None:
    assert eeg() == (SECOND, ())


@pytest.mark.parametrize(
    ("channels", "reason"),
    [
        ("Fp1", "wrong_type channels: 'Fp1' is no ARRAY<STRING>"),
        (["Fp1", None], "wrong_type channels[1]: None is no STRING"),
        ([7, "Fp2"], "wrong_type channels[0]: 7 is no STRING"),
        (["Fp1", ""], "length channels[1]: 0, 1 to 64 allowed"),
    ],
)
def test_a_list_with_one_unusable_text_is_not_used(
    channels: object, reason: str
) -> None:
    message, reasons = eeg(channels=channels)
    assert message is None
    assert reasons == (reason, "missing channels: every message must have one")


@pytest.mark.parametrize(
    ("name", "value"),
    [("rate_hz", 0), ("rate_hz", -256), ("uv_per_count", 0), ("uv_per_count", "nan")],
)
def test_samples_without_a_rate_or_a_scale_are_not_used(
    name: str, value: object
) -> None:
    message, reasons = eeg(**{name: value})
    assert message is None
    assert any(reason.startswith(f"implausible {name}") for reason in reasons)


def test_a_list_of_numbers_may_have_gaps_and_nothing_else() -> None:
    def given(numbers: object) -> tuple[object, tuple[str, ...]]:
        said = {"ts_ms": NOW_MS, "patient_id": "p", "device_id": "d"}
        payload = json.dumps({**said, "channel_amplitude_uv": numbers}).encode()
        message, reasons = verdict(EEG_SCORES, payload, NOW_MS)
        return (message or {}).get("channel_amplitude_uv"), reasons

    assert given([1, 2.5, None]) == ([1.0, 2.5, None], ())
    for wrong in ([1, "2"], [True], "1", {"0": 1}):
        usable, (reason,) = given(wrong)
        assert usable is None
        assert reason.startswith("wrong_type channel_amplitude_uv")
