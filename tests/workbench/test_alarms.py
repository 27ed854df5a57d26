"""Each alarm is told once, from found to over."""

from producers.contract.columns import SYNTHETIC_PATIENT_ID
from workbench.alarms import KEPT, Alarms


def told(
    match_id: str = "a", phase: str = "ongoing", **more: object
) -> dict[str, object]:
    """Return a message of the topic matches; its episode begins at 1,000 ms."""
    return {
        "match_id": match_id,
        "pattern_name": "sustained_tachycardia",
        "severity": "high",
        "phase": phase,
        "patient_id": "p",
        "started_ms": 1_000,
        "ts_ms": 31_000 if phase == "ongoing" else 61_000,
        **({"ended_ms": 60_000} if phase == "ended" else {"observed": 142.0}),
        **more,
    }


def test_a_message_that_comes_again_is_no_news() -> None:
    alarms = Alarms()
    assert alarms.tell(told()) is not None
    assert alarms.tell(told()) is None
    assert alarms.found == 1


def test_an_end_keeps_what_was_observed() -> None:
    alarms = Alarms()
    alarms.tell(told())
    ended = alarms.tell(told(phase="ended"))
    assert ended is not None
    assert ended.is_over
    assert ended.observed == "142 /min"
    assert alarms.tell(told(phase="ended")) is None
    assert alarms.found == 1


def test_an_alarm_that_is_over_does_not_begin_again() -> None:
    alarms = Alarms()
    alarms.tell(told(phase="ended"))
    assert alarms.tell(told()) is None
    [over] = alarms.newest(9)
    assert over.is_over
    assert (over.observed, over.found_ms) == ("142 /min", 31_000)


def test_ongoing_alarms_are_counted_by_severity() -> None:
    alarms = Alarms()
    alarms.tell(told("a"))
    alarms.tell(told("b", severity="low"))
    alarms.tell(told("c"))
    alarms.tell(told("c", phase="ended"))
    assert alarms.ongoing() == {"high": 1, "low": 1}


def test_episodes_from_before_the_ward_was_opened_are_left_out() -> None:
    assert Alarms(since_ms=1_001).tell(told()) is None
    assert Alarms(since_ms=1_000).tell(told()) is not None


def test_the_newest_comes_first() -> None:
    alarms = Alarms()
    for name, ts_ms in {"a": 5_000, "b": 9_000, "c": 7_000}.items():
        alarms.tell(told(name, ts_ms=ts_ms))
    assert [alarm.match_id for alarm in alarms.newest(2)] == ["b", "c"]


def test_what_lasts_is_remembered_longest() -> None:
    alarms = Alarms()
    alarms.tell(told("lasting"))
    for number in range(KEPT + 10):
        alarms.tell(told(str(number), phase="ended"))
    assert alarms.ongoing() == {"high": 1}
    assert len(alarms.newest(2 * KEPT)) == KEPT


def test_who_only_shows_that_the_way_is_open_is_no_patient() -> None:
    alarms = Alarms()
    assert alarms.tell(told(patient_id=SYNTHETIC_PATIENT_ID)) is None
    assert alarms.ongoing() == {}
    assert alarms.found == 0
