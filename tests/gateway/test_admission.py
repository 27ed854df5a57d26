"""Who is shown where there is no room for all, and who went home."""

from dataclasses import replace
from itertools import count

import orjson
import pytest

from alerts.model import Alarm, State
from cep_patterns.pattern import Kind, Severity
from gateway import admission
from gateway.messages import Arrived
from gateway.urgency import LATELY_MS, MOST_COUNTED, LeftOut, Urgency
from gateway.ward import Ward
from producers.contract import VITALS
from tests.alerts.alarms import alarm
from tests.gateway import small_ward

NOW_MS = 1_767_225_600_000
ROOM = 3


@pytest.fixture
def ward(monkeypatch: pytest.MonkeyPatch) -> Ward:
    """Return a ward with little room."""
    monkeypatch.setattr(admission, "MOST_PATIENTS", ROOM)
    return Ward(lambda patient_id: ("one", patient_id))


def speaks(ward: Ward, patient_id: str, after_ms: int = 0) -> None:
    at_ms = NOW_MS + after_ms
    said = {"ts_ms": at_ms, "patient_id": patient_id, "device_id": "d"}
    ward.take(Arrived(VITALS.name, orjson.dumps(said), at_ms))


_ALARMS = count()


def raised(patient_id: str, severity: Severity, kind: Kind = Kind.CLINICAL) -> Alarm:
    return replace(
        alarm(),
        alarm_id=f"alarm-{next(_ALARMS)}",
        patient_id=patient_id,
        severity=severity,
        kind=kind,
        state=State.RAISED,
    )


def shown(ward: Ward) -> set[str]:
    ward.pass_time()
    return {*ward.since(0, "")["patients"]}


def fill(ward: Ward, severity: Severity | None = None, **more: Kind) -> None:
    for number in range(ROOM):
        speaks(ward, f"ghost-{number}")
        if severity:
            ward.know(raised(f"ghost-{number}", severity, **more))
    ward.pass_time()


def test_there_is_room_for_a_hospital() -> None:
    assert admission.MOST_PATIENTS == 5_000


def test_an_alarm_pushes_out_somebody_calm(ward: Ward) -> None:
    fill(ward)
    ward.know(raised("real", Severity.LOW, Kind.TECHNICAL))
    assert "real" in shown(ward)
    assert len(shown(ward)) == ROOM
    assert str(ward.left_out).startswith("1 patients are not shown")


def test_nobody_calm_pushes_out_an_alarm(ward: Ward) -> None:
    fill(ward, Severity.LOW, kind=Kind.TECHNICAL)
    before = shown(ward)
    speaks(ward, "real")
    assert shown(ward) == before
    assert "none with an alarm" in str(ward.left_out)


@pytest.mark.parametrize(
    ("ghosts", "real"),
    [
        ((Severity.LOW, Kind.CLINICAL), (Severity.MEDIUM, Kind.TECHNICAL)),
        ((Severity.MEDIUM, Kind.CLINICAL), (Severity.HIGH, Kind.TECHNICAL)),
        ((Severity.HIGH, Kind.TECHNICAL), (Severity.HIGH, Kind.CLINICAL)),
    ],
)
def test_what_is_more_urgent_is_shown_and_never_the_other_way(
    ward: Ward, ghosts: tuple[Severity, Kind], real: tuple[Severity, Kind]
) -> None:
    fill(ward, ghosts[0], kind=ghosts[1])
    ward.know(raised("real", *real))
    assert "real" in shown(ward)
    before = shown(ward)
    ward.know(raised("another", *ghosts))
    assert shown(ward) == before
    assert "2 of them with an alarm" in str(ward.left_out)


def test_an_alarm_of_the_topic_finds_a_place_as_one_of_the_database_does(
    ward: Ward,
) -> None:
    fill(ward)
    ward.take(small_ward.alarm(1, 0, NOW_MS))
    assert "patient-00001" in shown(ward)


def test_alarms_of_the_database_find_a_place_the_loudest_first(ward: Ward) -> None:
    fill(ward, Severity.LOW)
    found = [raised(f"real-{n}", Severity.MEDIUM) for n in range(ROOM)]
    found.append(raised("worst", Severity.HIGH))
    ward.confirm([*found, *(raised(f"ghost-{n}", Severity.LOW) for n in range(3))], 0)
    assert "worst" in shown(ward)
    assert len(shown(ward) & {"real-0", "real-1", "real-2"}) == ROOM - 1


def test_one_whose_alarm_came_since_is_not_pushed_out_as_calm(ward: Ward) -> None:
    fill(ward)
    for number in range(ROOM):
        ward.know(raised(f"ghost-{number}", Severity.HIGH))
    ward.know(raised("real", Severity.LOW))
    assert "real" not in shown(ward)


def test_those_who_spoke_once_give_way_to_those_who_speak(ward: Ward) -> None:
    fill(ward)
    speaks(ward, "real", LATELY_MS - 1)
    assert "real" not in shown(ward)
    speaks(ward, "real", LATELY_MS)
    assert "real" in shown(ward)


def test_of_alarms_as_loud_that_of_somebody_who_is_heard_comes_first(
    ward: Ward,
) -> None:
    fill(ward, Severity.LOW)
    speaks(ward, "later", LATELY_MS)
    assert "later" not in shown(ward)
    ward.know(raised("later", Severity.LOW))
    assert "later" in shown(ward)


def test_pages_hear_who_is_not_shown_any_more(ward: Ward) -> None:
    fill(ward)
    seen = ward.since(0, "")["version"]
    ward.know(raised("real", Severity.HIGH))
    told = ward.since(seen, "")
    assert (told["whole"], [*told["patients"]]) == (False, ["real"])
    assert len(told["gone"]) == 1


def test_what_is_wrong_with_vigil_itself_is_always_shown(ward: Ward) -> None:
    fill(ward, Severity.HIGH)
    ward.know(raised("vigil", Severity.LOW, Kind.TECHNICAL))
    assert "vigil" in shown(ward)
    ward.know(raised("real", Severity.HIGH))
    assert "vigil" in shown(ward)


def test_who_asks_no_more_is_not_counted_and_made_up_ones_are_not_remembered() -> None:
    left_out = LeftOut()
    calm = Urgency(0, is_clinical=False, is_speaking=True)
    for number in range(MOST_COUNTED + 5):
        left_out.add(f"ghost-{number}", calm, NOW_MS)
    assert str(left_out).startswith(f"More than {MOST_COUNTED} patients")
    left_out.forget(NOW_MS + LATELY_MS)
    assert left_out
    left_out.forget(NOW_MS + LATELY_MS + 1)
    assert str(left_out) == ""


def test_who_went_home_is_not_shown_until_a_device_of_theirs_speaks(ward: Ward) -> None:
    speaks(ward, "patient-00001")
    ward.discharge("patient-00001", NOW_MS)
    speaks(ward, "patient-00001")  # was on its way
    ward.take(small_ward.score(1, NOW_MS + 1))
    ward.take(small_ward.alarm(1, 0, NOW_MS + 1, "cleared", 2))
    assert shown(ward) == set()
    speaks(ward, "patient-00001", 1)
    assert shown(ward) == {"patient-00001"}
    ward.take(small_ward.score(1, NOW_MS + 2))
    assert ward.since(0, "")["patients"]["patient-00001"]["score"]


def test_an_open_alarm_brings_back_who_went_home_but_not_one_of_before(
    ward: Ward,
) -> None:
    open_one = raised("patient-00001", Severity.HIGH)
    ward.know(open_one)
    asked_at = ward.version
    ward.discharge("patient-00001", NOW_MS)
    ward.confirm([open_one], asked_at)  # it was closed while the database was asked
    assert shown(ward) == set()
    ward.confirm([open_one], ward.version)
    assert shown(ward) == {"patient-00001"}
