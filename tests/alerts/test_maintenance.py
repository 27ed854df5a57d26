"""A maintenance that a command begins and ends, in the file itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts import maintenance
from alerts.cli import app
from alerts.people import PeopleError
from alerts.people_file import load
from stack.environment import ROOT
from tests.alerts.hospital import NOON

EXAMPLE = ROOT / "alerts/people.example.yaml"
HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a copy of the example."""
    copy = tmp_path / "people.yaml"
    copy.write_text(EXAMPLE.read_text("utf-8"), encoding="utf-8")
    return copy


def test_it_begins_now_and_what_else_is_in_the_file_stays(file: Path) -> None:
    maintenance.begin(file, "intensive", NOON, HOUR, "new monitors", also_high=True)
    window = load(file).window("intensive", NOON)
    assert window is not None
    assert (window.reason, window.also_high) == ("new monitors", True)
    assert window.ends_at == NOON + HOUR
    comments = [x for x in EXAMPLE.read_text("utf-8").splitlines() if x.startswith("#")]
    assert set(comments) <= set(file.read_text("utf-8").splitlines())


def test_it_ends_before_its_time_and_no_other_does(file: Path) -> None:
    maintenance.begin(file, "intensive", NOON, HOUR, "one")
    maintenance.begin(file, "general", NOON, HOUR, "other")
    assert maintenance.end(file, "intensive", NOON) == 1
    assert load(file).window("intensive", NOON) is None
    assert load(file).window("general", NOON) is not None
    assert maintenance.end(file, "intensive", NOON) == 0


def test_a_ward_that_nobody_knows_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(PeopleError, match="'attic' is no ward"):
        maintenance.begin(file, "attic", NOON, HOUR, "dust")
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_the_commands(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_ALERTS_PEOPLE", str(file))
    begun = ["maintain", "general", "--minutes", "30", "--reason", "new switch"]
    done = CliRunner().invoke(app, begun)
    assert done.exit_code == 0
    assert "maintenance: new switch" in done.output
    assert "1 ended" in CliRunner().invoke(app, ["maintained", "general"]).output
