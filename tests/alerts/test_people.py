"""Who is on duty, what waits, and mistakes in the file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.hours import DAYS, Hours
from alerts.people import PeopleError
from alerts.people_file import load
from alerts.plan import Plan
from cep_patterns.pattern import Severity
from stack.environment import ROOT
from tests.alerts.hospital import HOSPITAL, NOON, hospital

BERLIN = ZoneInfo("Europe/Berlin")
EXAMPLE = ROOT / "alerts/people.example.yaml"


def berlin(clock: str, day: int = 1) -> datetime:
    """Return a time of day in June 2026 by Berlin's clock; the first is a Monday."""
    return datetime.fromisoformat(f"2026-06-{day:02}T{clock}:00").replace(tzinfo=BERLIN)


def test_the_example_is_right_and_everybody_in_it_is_made_up() -> None:
    people = load(EXAMPLE)
    for person in people.people.values():
        assert person.root["email"].get_secret_value().endswith("@example.org")
        assert person.root["sms"].get_secret_value().startswith("+1500555")


@pytest.mark.parametrize(
    ("clock", "on_duty"),
    [
        ("06:59", ("chief",)),
        ("07:00", ("day",)),
        ("18:59", ("day",)),
        ("19:00", ("night",)),
        ("23:59", ("night",)),
        ("00:00", ("night",)),
        ("01:59", ("night",)),
        ("02:00", ("chief",)),
    ],
)
def test_a_shift_begins_and_ends_by_the_wards_clock(
    tmp_path: Path, clock: str, on_duty: tuple[str, ...]
) -> None:
    now = berlin(clock).astimezone(UTC)
    assert hospital(tmp_path).plan("icu-1").on_duty(now) == on_duty


def test_a_night_shift_belongs_to_the_day_it_begins() -> None:
    friday = Hours.model_validate({"from": "22:00", "to": "06:00", "days": ["fri"]})
    assert friday.cover(berlin("22:00", day=5))
    assert friday.cover(berlin("05:59", day=6))
    assert not friday.cover(berlin("05:59", day=5))
    assert not friday.cover(berlin("22:00", day=6))


def test_a_ward_keeps_its_clock_when_summer_ends(tmp_path: Path) -> None:
    plan = hospital(tmp_path).plan("icu-1")
    assert plan.on_duty(datetime(2026, 10, 24, 5, tzinfo=UTC)) == ("day",)
    assert plan.on_duty(datetime(2026, 10, 25, 5, tzinfo=UTC)) == ("chief",)
    assert plan.on_duty(datetime(2026, 10, 25, 6, tzinfo=UTC)) == ("day",)


@given(
    start=st.times(),
    end=st.times(),
    days=st.sets(st.sampled_from(DAYS)),
    local=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - local
)
def test_hours_and_the_rest_of_the_day_share_out_all_time(
    start: object, end: object, days: set[str], local: datetime
) -> None:
    of_all_days = Hours.model_validate({"from": start, "to": end})
    rest = Hours.model_validate({"from": end, "to": start})
    if start != end:
        assert of_all_days.cover(local) != rest.cover(local)
    else:
        assert of_all_days.cover(local)
    some = Hours.model_validate({"from": start, "to": end, "days": sorted(days)})
    assert not some.cover(local) or of_all_days.cover(local)
    assert local < of_all_days.next_end(local) <= local + timedelta(days=1)


@pytest.mark.parametrize(
    ("severity", "clock", "waits_until"),
    [
        (Severity.MEDIUM, "21:59", None),
        (Severity.MEDIUM, "22:00", berlin("06:00", day=2)),
        (Severity.LOW, "05:59", berlin("06:00")),
        (Severity.MEDIUM, "06:00", None),
        (Severity.HIGH, "23:00", None),
    ],
)
def test_quiet_hours_hold_all_but_high(
    tmp_path: Path, severity: Severity, clock: str, waits_until: datetime | None
) -> None:
    plan = hospital(tmp_path).plan("icu-1")
    assert plan.quiet_until(severity, berlin(clock)) == waits_until


def test_a_level_tells_everybody_once_and_past_the_last_whom_that_tells(
    tmp_path: Path,
) -> None:
    plan = hospital(tmp_path, ("rapid: [chief", "rapid: [day, chief")).plan("icu-1")
    assert plan.told(Severity.HIGH, 0, NOON) == ("day",)
    assert plan.told(Severity.HIGH, 1, NOON) == ("day", "chief", "mail")
    assert plan.told(Severity.HIGH, 7, NOON) == ("day", "chief", "mail")
    assert plan.escalation.high.escalate_after_s == (120,)
    assert plan.escalation.medium.escalate_after_s == (600,)


def test_a_patient_belongs_to_the_first_ward_that_fits_or_to_the_default(
    tmp_path: Path,
) -> None:
    people = hospital(tmp_path)
    assert people.plan("icu-1").ward == "icu"
    assert people.plan("icu-1").place == "Bed 1"
    assert people.plan("icu-2").place == "icu-2"
    assert people.plan("ICU-2").ward == "other"


def test_a_frozen_plan_is_the_same_when_read_again_and_holds_no_address(
    tmp_path: Path,
) -> None:
    plan = hospital(tmp_path).plan("icu-1")
    frozen = plan.model_dump_json()
    assert Plan.model_validate_json(frozen) == plan
    assert "500555" not in frozen
    assert "@" not in frozen


def test_maintenance_is_under_way_from_its_start_until_just_before_its_end(
    tmp_path: Path,
) -> None:
    window = (
        "maintenance: [{ward: icu, starts_at: 2026-06-01T12:00:00+02:00,"
        " ends_at: 2026-06-01T13:00:00+02:00, reason: pumps}]\nfallback"
    )
    people = hospital(tmp_path, ("fallback", window))
    assert people.window("icu", berlin("11:59")) is None
    found = people.window("icu", berlin("12:00"))
    assert found is not None
    assert found.ends_at == berlin("13:00")
    assert people.window("icu", berlin("13:00")) is None
    assert people.window("other", berlin("12:00")) is None


MISTAKES = [
    ('"+15005550001"', '"0500"', "people.day: the sms address has not the form"),
    ("chief@example.org", "chief", "people.chief: the email address has not"),
    ("{email: mail@example.org}", "{chat: x://y}", "people.mail: cannot be told"),
    ("rapid: [chief", "rapid: [cheif", "teams.rapid.0: 'cheif' is no person"),
    ("medium: [sms]", "medium: [pager]", "channels.medium.0: 'pager' is no channel"),
    ("after_min: 10", "after_min: 0", "escalation.medium: after_min must begin"),
    ("[on_duty, rapid]", "[duty]", "'duty' is no person, team or on_duty"),
    ("fallback: [chief]", "fallback: [x]", "fallback.0: 'x' is no person or team"),
    ("Europe/Berlin", "Europe/Ferlin", "wards.icu.time_zone: 'Europe/Ferlin'"),
    ('from: "07:00"', 'from: "27:00"', "wards.icu.shifts.0.from"),
    ("quiet_hours", "quite_hours", "wards.icu.quite_hours: Extra inputs"),
    ("default_ward: other", "default_ward: x", "default_ward: 'x' is no ward"),
    ("low: [email]\n", "\n", "channels.low: Field required"),
]


def test_all_mistakes_are_named_at_once_each_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PeopleError) as caught:
        hospital(tmp_path, *((old, new) for old, new, _ in MISTAKES))
    said = str(caught.value)
    for _, _, expected in MISTAKES:
        assert expected in said
    assert len(said.splitlines()) == len(MISTAKES)
    line = HOSPITAL.split("\n").index("fallback: [chief]") + 1
    assert f"people.yaml:{line}: fallback.0" in said


@pytest.mark.parametrize(
    ("right", "odd"),
    [
        ("+15005550003", "+1\u0665\u0660\u0660\u0665\u0665\u0665\u0660"),
        ("+15005550003", "+1500555\u200b0003"),
        ("+15005550003", "+1 500 5550003"),
        ("+15005550003", "0015005550003"),
        ("chief@example.org", "chief@example.org\u200b"),
        ("chief@example.org", "chief\u202e@example.org"),
        ("chief@example.org", '"chief,night@example.org"'),
        ("chief@example.org", "chief;x@example.org"),
        ("chief@example.org", "<chief@example.org>"),
        ("chief@example.org", "chief@example..org"),
        ("chief@example.org", "chief@.example.org"),
        ("chief@example.org", "chief.@example.org"),
    ],
)
def test_an_address_of_an_odd_form_is_refused_before_anybody_needs_it(
    tmp_path: Path, right: str, odd: str
) -> None:
    with pytest.raises(PeopleError, match="address has not the form"):
        hospital(tmp_path, (right, odd))


@pytest.mark.parametrize(
    "address", ["j\u00fcrgen@example.org", "o'neil+icu@mail.example.org", "root@here"]
)
def test_an_address_that_people_have_is_taken(tmp_path: Path, address: str) -> None:
    people = hospital(tmp_path, ("chief@example.org", address))
    assert people.address("chief", "email") == address


def test_a_team_of_nobody_is_refused(tmp_path: Path) -> None:
    """Whoever is to be told through it would be told by nobody."""
    nobody = (("[chief, mail]", "[]"), ("fallback: [chief]", "fallback: [rapid]"))
    with pytest.raises(PeopleError, match=r"teams\.rapid: .*at least 1"):
        hospital(tmp_path, *nobody)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people: [", "people.yaml:1: "),
        ("people: {}\npeople: {}", 'people.yaml:2: found duplicate key "people"'),
        ("- a list", "people.yaml:1: file: "),
        ("", "people.yaml:1: file: "),
    ],
)
def test_what_is_no_people_file_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PeopleError, match=r"people\.yaml") as caught:
        load(path)
    assert said in str(caught.value)


def test_a_missing_file_is_said_with_the_setting_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="VIGIL_ALERTS_PEOPLE"):
        load(tmp_path / "none.yaml")
