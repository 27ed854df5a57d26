"""The people's file may change at any time, and may become wrong."""

import os
from pathlib import Path

import pytest

from alerts.notices import reaches
from alerts.people import PeopleError
from alerts.roster import Roster
from cep_patterns.pattern import Severity
from tests.alerts.hospital import NOON, hospital


def _now(folder: Path, *changes: tuple[str, str]) -> None:
    """Write the file again, so that it can be seen to have changed."""
    path = folder / "people.yaml"
    before = path.stat().st_mtime_ns
    hospital(folder, *changes)
    os.utime(path, ns=(before + 1, before + 1))


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    hospital(tmp_path)
    roster = Roster.read(tmp_path / "people.yaml")
    first = roster.people
    assert roster.people is first
    _now(tmp_path, ("day@example.org", "day@new.example.org"))
    assert roster.people.address("day", "email") == "day@new.example.org"


def test_a_file_that_has_become_wrong_leaves_the_old_people_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hospital(tmp_path)
    path = tmp_path / "people.yaml"
    roster = Roster.read(path)
    for wrong in ("people: {}", ":"):
        path.write_text(wrong, encoding="utf-8")
        assert "day" in roster.people.people
        assert roster.is_wrong
    path.unlink()
    assert "day" in roster.people.people
    assert len(caplog.records) == 3
    hospital(tmp_path, ("day@", "day.again@"))
    assert roster.people.address("day", "email") == "day.again@example.org"
    assert not roster.is_wrong


def test_an_alarm_keeps_its_plan_and_uses_the_addresses_of_today(
    tmp_path: Path,
) -> None:
    hospital(tmp_path)
    roster = Roster.read(tmp_path / "people.yaml")
    frozen = roster.people.plan("icu-1")
    _now(tmp_path, ("on_duty: [day]", "on_duty: [chief]"), ("day@", "day.again@"))
    ways = reaches(frozen, Severity.HIGH, 0, roster.people, NOON)
    assert ways == [("day", "sms"), ("day", "email")]
    assert roster.people.address("day", "email") == "day.again@example.org"
    assert roster.people.plan("icu-1").on_duty(NOON) == ("chief",)


def test_a_file_that_is_wrong_at_first_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PeopleError):
        Roster.read(tmp_path / "nothing.yaml")
