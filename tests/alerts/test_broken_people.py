"""Whatever is in the people's file, alarms go on; and the last good one is in force."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from alerts import roster as roster_module
from alerts.database import Database
from alerts.good_people import keep, last_good
from alerts.notices import with_people
from alerts.people import PeopleError
from alerts.people_file import MOST_BYTES, load
from alerts.policies import policy_of
from alerts.roster import Roster
from tests.alerts.hospital import HOSPITAL, hospital

WINDOW: Final = (
    "maintenance: [{ward: icu, starts_at: %s,"
    " ends_at: 2026-06-01T13:00:00+02:00, reason: pumps}]\nfallback:"
)


def _with(old: str, new: str) -> bytes:
    assert old in HOSPITAL
    return HOSPITAL.replace(old, new).encode(errors="surrogatepass")


def _starts(at: str) -> bytes:
    return _with("fallback:", WINDOW % at)


def _bomb(levels: int = 12) -> str:
    ten = (", ".join([f"*a{n}"] * 10) for n in range(levels))
    return "\n".join(
        ["a0: &a0 [x]", *(f"a{n}: &a{n} [{of}]" for n, of in enumerate(ten, 1))]
    )


BROKEN: Final[dict[str, bytes]] = {
    "30 February": _starts("2026-02-30T02:00:00+01:00"),
    "month 13": _starts("2026-13-01T02:00:00+01:00"),
    "hour 25": _starts("2026-06-01T25:00:00+01:00"),
    "no time zone": _starts("2026-06-01T12:00:00"),
    "year 1": _starts("0001-01-01T00:00:00+14:00"),
    "year 9999": _starts("9999-12-31T23:59:59-14:00"),
    "a control character": _with("Bed 1", "Bed \x07"),
    "a NUL": _with("Bed 1", "Bed \x00"),
    "a NUL that is written out": _with("Bed 1", '"Bed \\0"'),
    "a surrogate that is written out": _with("Bed 1", '"Bed \\ud800"'),
    "a line break that is written out": _with("Bed 1", '"Bed \\u2028 1"'),
    "a name with a line break": _with("  day:  ", '  "d\\nay":'),
    "nested flow": b"[" * 5_000,
    "nested flow that ends": b"[" * 500 + b"]" * 500,
    "nested blocks": b"".join(b" " * n + b"a:\n" for n in range(500)),
    "an alias of itself": b"&a [*a]",
    "a map in itself": b"&a {people: *a}",
    "anchors that multiply": _bomb().encode(),
    "infinity": _with("repeat_min: 5", "repeat_min: .inf"),
    "less than nothing": _with("repeat_min: 5", "repeat_min: -.inf"),
    "not a number": _with("repeat_min: 5", "repeat_min: .nan"),
    "an endless group": _with("fallback:", "group_s: .inf\nfallback:"),
    "an endless flood": _with("fallback:", "flood: {within_min: 1.0e+999}\nfallback:"),
    "five thousand digits": _with("repeat_min: 5", f"repeat_min: {'9' * 5000}"),
    "no text": HOSPITAL.encode("utf-16"),
    "half a character": HOSPITAL.encode() + b"\xc3",
    "surrogates": _with("Bed 1", "Bed \ud800"),
    "an unknown directive": b"%YAML 9.9\n---\na: 1",
    "two documents": b"a: 1\n---\nb: 2",
    "a broken date": b"!!timestamp 'yesterday'",
    "people in a list": _with("people:", "people: [{a: b}]\npersons:"),
    "a number as a name": _with("  mail: ", "  1: {email: one@example.org}\n  mail: "),
    "a name that is a list": _with("  mail: ", "  ? [a]\n  : {}\n  mail: "),
    "hours of a zone": _with('from: "07:00"', 'from: "07:00+02:00"'),
    "a zone that is a path": _with("time_zone: UTC", "time_zone: ../../../etc/passwd"),
    "more than anybody reads": b"# much\n" * MOST_BYTES,
    "one endless text": _with("Bed 1", "B" * 5_000),
    "nothing": b"",
    "a tag": b"!!python/object/apply:os.system [true]",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the place of a file that is right."""
    hospital(tmp_path)
    return tmp_path / "people.yaml"


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_whatever_is_wrong_with_a_file_is_said_as_its_mistake(
    path: Path, content: bytes
) -> None:
    path.write_bytes(content)
    with pytest.raises(PeopleError, match=r"people\.yaml"):
        load(path)


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_breaks_while_it_is_used_leaves_its_last_good_people(
    path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "READ_S", 60)
    roster = Roster.read(path)
    path.write_bytes(content)
    assert "day" in roster.people.people
    assert roster.is_wrong
    policy = with_people(policy_of("apnoea"), roster.people, "icu-1")
    assert policy.people


def test_a_file_at_its_bounds_is_right(path: Path) -> None:
    longest = "B" * 1_000
    text = HOSPITAL.replace("Bed 1", longest).replace(
        "repeat_min: 5", "repeat_min: 10080"
    )
    path.write_text(f"\ufeff{text}", encoding="utf-8")
    people = load(path)
    assert people.plan("icu-1").place == longest
    assert people.plan("icu-1").escalation.high.repeat_every_s == 7 * 24 * 3600


def test_a_reason_may_have_several_lines(path: Path) -> None:
    text = _starts("2026-06-01T12:00:00+02:00").replace(
        b"pumps", b'"pumps\\nand switches"'
    )
    path.write_bytes(text)
    assert load(path).maintenance[0].reason == "pumps\nand switches"


def test_a_folder_or_a_device_is_no_people_file(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(PeopleError, match="VIGIL_ALERTS_PEOPLE"):
            load(path)


def test_whoever_asks_does_not_wait_for_a_file_that_takes_long_to_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(_path: Path, _text: str) -> None:
        time.sleep(3)
        raise PeopleError

    roster = Roster.read(path)
    monkeypatch.setattr(roster_module, "READ_S", 0.01)
    monkeypatch.setattr(roster_module, "parsed", slowly)
    path.write_text("people: {}", encoding="utf-8")
    began_s = time.monotonic()
    assert "day" in roster.people.people
    assert time.monotonic() - began_s < 3


@pytest.fixture
def last(database: Database, path: Path) -> Callable[[], str | None]:
    """Return what a database keeps of a file that was in force."""
    Roster.read(path).keep(lambda text: keep(database, path, text))
    return lambda: last_good(database, path)


def test_a_file_that_is_broken_at_the_start_leaves_the_last_good_copy_in_force(
    path: Path, last: Callable[[], str | None]
) -> None:
    path.write_bytes(BROKEN["30 February"])
    roster = Roster.read(path, last)
    assert roster.is_wrong
    assert roster.people.address("day", "email") == "day@example.org"
    hospital(path.parent, ("day@", "day.again@"))
    assert roster.people.address("day", "email") == "day.again@example.org"
    assert not roster.is_wrong


def test_only_what_is_right_is_kept(
    path: Path, database: Database, last: Callable[[], str | None]
) -> None:
    roster = Roster.read(path, last)
    path.write_bytes(BROKEN["infinity"])
    assert roster.people
    roster.keep(lambda text: keep(database, path, text))
    assert last() == HOSPITAL
    path.unlink()
    Roster.read(path, last).keep(lambda text: keep(database, path, text))
    assert last() == HOSPITAL


def test_a_file_that_never_was_right_is_refused_in_one_line_with_cause_and_fix(
    path: Path, database: Database
) -> None:
    path.write_bytes(
        _with("repeat_min: 5", "repeat_min: .inf").replace(b"[chief]", b"[x]")
    )
    with pytest.raises(PeopleError) as refused:
        Roster.read(path, lambda: last_good(database, path))
    (line,) = str(refused.value).splitlines()
    assert "escalation.high.repeat_min" in line
    assert "and 1 more" in line
    assert f"check-people {path}" in line
