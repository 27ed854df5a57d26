"""What a page is told: all of it once, then what changed, in its own ward."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import State
from gateway.messages import Arrived
from gateway.signs import SIGNS
from gateway.ward import FOLLOWED, FORGOTTEN_MS, Ward
from producers.contract import SCORES, VITAL_SIGNS, VITALS
from producers.validation import verdict
from tests.alerts.alarms import alarm
from tests.gateway import small_ward

NOW_MS = 1_767_225_600_000


@pytest.fixture
def ward() -> Ward:
    return Ward(_place)


def _place(patient_id: str) -> tuple[str, str]:
    return ("odd" if int(patient_id[-1]) % 2 else "even", f"Bed {patient_id[-1]}")


def reading(
    number: int = 1, after_s: float = 0, ahead_s: float = 0, **values: object
) -> Arrived:
    """Return a reading that arrived then, by a clock that is so far ahead."""
    arrived_ms = NOW_MS + round(after_s * 1000)
    message = {
        "ts_ms": arrived_ms + round(ahead_s * 1000),
        "patient_id": f"patient-{number}",
        "device_id": "d",
        **values,
    }
    return Arrived(VITALS.name, orjson.dumps(message), arrived_ms)


def signs(ward: Ward, number: int = 1) -> dict[str, Any]:
    shown = ward.since(0, "")["patients"][f"patient-{number}"]["vitals"]["signs"]
    return {sign.column: known for sign, known in zip(SIGNS, shown, strict=True)}


def test_every_vital_sign_is_shown_with_its_unit() -> None:
    assert [sign.column for sign in SIGNS] == [sign.name for sign in VITAL_SIGNS]
    assert all(sign.unit and sign.stale_s < sign.gone_s for sign in SIGNS)


def test_a_page_that_knows_nothing_is_told_everything(ward: Ward) -> None:
    ward.take(reading(heart_rate_bpm=72, on_oxygen=False))
    told = ward.since(0, "")
    assert told["whole"]
    tile = told["patients"]["patient-1"]
    assert tile["place"] == "Bed 1"
    assert signs(ward)["heart_rate_bpm"] == (NOW_MS, 72)
    assert signs(ward)["spo2_pct"] is None
    assert tile["vitals"]["on_oxygen"] == (NOW_MS, False)
    assert tile["recent"]["heart_rate_bpm"]["high"][-1] == 72
    assert tile["alarms"] == []
    assert tile["score"] is tile["eeg"] is None


def test_afterwards_it_is_told_what_changed_alone(ward: Ward) -> None:
    for number in (1, 2):
        ward.take(reading(number, heart_rate_bpm=72))
    seen = ward.since(0, "")["version"]
    ward.take(reading(2, 1, heart_rate_bpm=75))
    told = ward.since(seen, "")
    assert not told["whole"]
    assert list(told["patients"]) == ["patient-2"]
    assert list(told["patients"]["patient-2"]) == ["vitals"]
    assert ward.since(told["version"], "")["patients"] == {}


def test_who_comes_later_is_told_whole_to_a_page_that_knows_others(ward: Ward) -> None:
    ward.take(reading(1))
    seen = ward.since(0, "")["version"]
    ward.take(reading(2, heart_rate_bpm=72))
    (tile,) = ward.since(seen, "")["patients"].values()
    assert tile.keys() == ward.since(0, "")["patients"]["patient-2"].keys()
    assert tile["recent"]["heart_rate_bpm"]["high"][-1] == 72


def test_a_page_sees_its_own_ward_alone(ward: Ward) -> None:
    for number in (1, 2, 3):
        ward.take(reading(number))
    assert list(ward.since(0, "odd")["patients"]) == ["patient-1", "patient-3"]
    assert ward.wards() == ["even", "odd"]


def test_what_concerns_all_is_in_every_ward() -> None:
    ward = Ward(lambda _: ("", "Vigil itself"))
    ward.take(reading())
    assert list(ward.since(0, "odd")["patients"]) == ["patient-1"]
    assert ward.wards() == []


@given(st.permutations(range(5)))
def test_the_latest_value_of_each_sign_counts(order: list[int]) -> None:
    ward = Ward(_place)
    for second in order:
        name = "heart_rate_bpm" if second % 2 else "spo2_pct"
        ward.take(reading(1, second, **{name: 90 + second}))
    assert signs(ward)["heart_rate_bpm"] == (NOW_MS + 3000, 93)
    assert signs(ward)["spo2_pct"] == (NOW_MS + 4000, 94)


def test_an_implausible_value_leaves_the_last_one_and_its_age(ward: Ward) -> None:
    ward.take(reading(1, 0, spo2_pct=97))
    ward.take(reading(1, 1, spo2_pct=0))
    assert signs(ward)["spo2_pct"] == (NOW_MS, 97)


@pytest.mark.parametrize("wrong", ["yes", 1, [True], {"so": True}])
def test_a_wrong_type_beside_a_right_one_of_the_same_time_leaves_the_right_one(
    ward: Ward, wrong: object
) -> None:
    for said in (True, wrong, True):
        ward.take(reading(on_oxygen=said))
    (tile,) = ward.since(0, "")["patients"].values()
    assert tile["vitals"]["on_oxygen"] == (NOW_MS, True)


WRONG: tuple[object, ...] = (
    *(None, True, False, -1, 0, 7, 2**31, 2**63, 1.5, 1e300, -1e300),
    *("", "yes", "x" * 1000, [], [1], ["a"], [None], [[1]]),
    *({}, {"a": 1}, {"a": {"lowest": "b"}}, {"a": {"lowest": 1e300}}),
)
GOOD = (
    small_ward.reading(1, NOW_MS),
    small_ward.score(1, NOW_MS),
    small_ward.eeg(1, NOW_MS, seizing=True),
    small_ward.alarm(1, 0, NOW_MS),
)
DEEP_JSON = orjson.dumps({"a": 0}).replace(
    b"0", b'{"lowest":' * 300 + b"1" + b"}" * 300
)


def test_there_is_a_good_message_of_each_topic_that_is_followed() -> None:
    assert [good.topic_name for good in GOOD] == list(FOLLOWED)


@pytest.mark.parametrize("good", GOOD)
def test_nothing_wrong_in_any_column_stops_the_page(good: Arrived) -> None:
    ward = Ward(lambda patient_id: ("a ward", patient_id))
    payload = good.payload or b""
    for column in FOLLOWED[good.topic_name].columns:
        message = {**orjson.loads(payload), column.name: "here"}
        deep = orjson.dumps(message).replace(b'"here"', DEEP_JSON)
        spoilt = (orjson.dumps({**message, column.name: wrong}) for wrong in WRONG)
        for each in (*spoilt, deep):
            for told in (payload, each, payload):
                ward.take(good._replace(payload=told))
                assert orjson.dumps(ward.since(0, ""))
    story = [ward.patient(each) for each in ward.since(0, "")["patients"]]
    assert all(patient and orjson.dumps(patient.story()) for patient in story)


def test_the_latest_score_counts_and_other_scores_do_not(ward: Ward) -> None:
    for ts_ms, total in ((NOW_MS, 5), (NOW_MS - 1, 1)):
        payload = small_ward.score(1, ts_ms).payload
        message = {**orjson.loads(payload or b""), "total": total}
        for name in ("news2", "qsofa"):
            named = {**message, "score_name": name, "ts_ms": ts_ms + (name != "news2")}
            ward.take(Arrived(SCORES.name, orjson.dumps(named), NOW_MS))
    (tile,) = ward.since(0, "")["patients"].values()
    assert (tile["score"]["ts_ms"], tile["score"]["total"]) == (NOW_MS, 5)


def test_the_eeg_is_shown_and_its_course_remembered(ward: Ward) -> None:
    ward.take(small_ward.eeg(1, NOW_MS, seizing=True))
    ward.take(small_ward.eeg(1, NOW_MS - 60_000, seizing=False))
    patient = ward.patient("patient-00001")
    assert patient is not None
    assert patient.sections(["eeg"])["eeg"]["probability"] == 0.93
    course = patient.story()["courses"]["eeg_probability"]
    assert course["high"][-2:] == [0.04, 0.93]


def test_an_alarm_is_told_once_raised_and_is_history_once_over(ward: Ward) -> None:
    ward.take(small_ward.alarm(1, 0, NOW_MS))
    patient = ward.patient("patient-00001")
    assert patient is not None
    (told,) = patient.sections(["alarms"])["alarms"]
    assert (told["severity"], told["state"]) == ("high", "raised")
    ward.take(small_ward.alarm(1, 0, NOW_MS, "cleared", 2))
    assert patient.sections(["alarms"])["alarms"] == []
    assert [each["state"] for each in patient.story()["past"]] == ["cleared"]


def test_an_alarm_known_from_the_database_goes_on_with_its_next_step(
    ward: Ward,
) -> None:
    known = replace(
        alarm(),
        alarm_id="alarm-1-0",
        patient_id="patient-00001",
        state=State.RAISED,
        steps=1,
    )
    ward.know(known)
    patient = ward.patient("patient-00001")
    assert patient is not None
    assert len(patient.conditions.ongoing()) == 1
    ward.take(small_ward.alarm(1, 0, NOW_MS, "acknowledged", 2))
    (seen,) = patient.conditions.ongoing()
    assert (seen.state, seen.by) == (State.ACKNOWLEDGED, "nurse")


def test_who_is_long_silent_is_forgotten_and_pages_hear_of_it(ward: Ward) -> None:
    ward.take(reading(1))
    ward.take(reading(2, 60))
    seen = ward.since(0, "")["version"]
    ward.forget(NOW_MS + FORGOTTEN_MS)
    assert ward.since(seen, "")["gone"] == []
    ward.forget(NOW_MS + FORGOTTEN_MS + 1)
    told = ward.since(seen, "")
    assert (told["whole"], told["gone"]) == (False, ["patient-1"])
    assert list(ward.since(0, "")["patients"]) == ["patient-2"]
    assert ward.wards() == ["even"]


def test_a_page_that_missed_too_many_who_left_begins_anew(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.ward.MOST_GONE", 1)
    for number in (1, 2, 3):
        ward.take(reading(number))
    seen = ward.since(0, "")["version"]
    ward.forget(NOW_MS + FORGOTTEN_MS + 1)
    assert ward.since(seen, "")["whole"]
    assert not ward.since(ward.version, "")["whole"]


def test_nobody_with_an_alarm_is_forgotten(ward: Ward) -> None:
    ward.take(small_ward.alarm(1, 0, NOW_MS))
    ward.forget(NOW_MS + 2 * FORGOTTEN_MS)
    assert ward.patient("patient-00001") is not None


def test_a_clock_ahead_never_beats_the_right_one(ward: Ward) -> None:
    ward.take(reading(1, 0, ahead_s=55, heart_rate_bpm=80))
    assert signs(ward)["heart_rate_bpm"] == (NOW_MS, 80)  # no younger than it is
    ward.take(reading(1, 1, heart_rate_bpm=40))
    assert signs(ward)["heart_rate_bpm"] == (NOW_MS + 1000, 40)


def test_a_clock_behind_is_as_old_as_it_says(ward: Ward) -> None:
    ward.take(reading(1, 0, ahead_s=-30, heart_rate_bpm=80))
    assert signs(ward)["heart_rate_bpm"] == (NOW_MS - 30_000, 80)


@pytest.mark.parametrize(("given", "shown"), [("72", 72), (" 72.5", 72.5), ("x", None)])
def test_a_value_is_judged_as_every_reader_judges_it(
    ward: Ward, given: str, shown: float | None
) -> None:
    ward.take(reading(heart_rate_bpm=given))
    known = signs(ward)["heart_rate_bpm"]
    assert (known and known[1]) == shown
    judged = verdict(VITALS, reading(heart_rate_bpm=given).payload, NOW_MS).message
    assert judged is not None
    assert judged.get("heart_rate_bpm") == shown


def test_a_message_that_cannot_be_used_says_why_and_changes_nothing(ward: Ward) -> None:
    assert ward.take(reading()._replace(payload=b"[1]")) != ()
    assert ward.take(reading(ahead_s=61)) != ()
    assert ward.since(0, "")["patients"] == {}


@pytest.mark.parametrize("patient_id", ["vigil-synthetic", "vigil-probe"])
def test_who_only_shows_that_the_way_is_open_is_no_patient(
    ward: Ward, patient_id: str
) -> None:
    for good in GOOD:
        payload = {**orjson.loads(good.payload or b""), "patient_id": patient_id}
        ward.take(good._replace(payload=orjson.dumps(payload)))
    ward.know(replace(alarm(), patient_id=patient_id))
    ward.confirm([replace(alarm(), patient_id=patient_id)], ward.version)
    assert ward.since(0, "")["patients"] == {}
