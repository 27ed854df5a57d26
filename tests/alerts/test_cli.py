"""The commands, as a person or a program uses them."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from alerts import service
from alerts.cli import app, main
from alerts.database import Database
from alerts.delivery_settings import DeliverySettings
from alerts.events import Refused
from alerts.fold import fold
from alerts.ledger import Ledger
from alerts.model import Alarm, State
from alerts.roster import Roster
from alerts.wiring import Wiring
from tests.alerts.alarms import HIGH, alarm
from tests.alerts.matches import alarms, ended, ongoing

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a database with an alarm that was found half a minute ago."""
    monkeypatch.setenv("VIGIL_ALERTS_DATABASE_URL", database_url)
    monkeypatch.setenv("USER", "nurse-7")
    monkeypatch.setenv("COLUMNS", "200")
    now = service.now_ms() / 1000
    parts = Wiring(database, Roster.read(DeliverySettings().people))
    with database.writing() as session:
        ledger = parts.ledger(session)
        match = ongoing("m", now - 30, pattern="apnoea", severity=HIGH)
        fold(ledger, [match, ongoing("n", now - 30, patient="q")], parts.rules)
        ledger.pass_time()
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def _id(database: Database, patient: str) -> str:
    return next(a.alarm_id for a in alarms(database) if a.patient_id == patient)


def test_alarms_are_listed_the_most_urgent_first(run: Run, database: Database) -> None:
    _, first, second = (x for x in run("list").output.splitlines() if "raised" in x)
    assert _id(database, "p")[:8] in first
    assert "tachypnoea" in second
    listed = orjson.loads(run("list", "--json").output)
    assert [each["severity"] for each in listed] == ["high", "medium"]


def test_who_closes_an_alarm_says_why(run: Run, database: Database) -> None:
    alarm_id = _id(database, "p")
    assert run("close", alarm_id[:8]).exit_code != 0
    done = run("close", alarm_id[:8], "--reason", "the patient went home")
    assert "cleared" in done.output
    trail = orjson.loads(run("trail", alarm_id, "--json").output)
    said = [(each["what"], each["by"], each["reason"]) for each in trail]
    assert ("cleared", "nurse-7", "the patient went home") in said


def test_who_acknowledges_is_on_record(run: Run, database: Database) -> None:
    alarm_id = _id(database, "p")
    assert run("acknowledge", alarm_id[:8], "--reason", "on my way").exit_code == 0
    trail = orjson.loads(run("trail", alarm_id, "--json").output)
    last = trail[-1]
    assert (last["what"], last["by"]) == ("acknowledged", "nurse-7")
    assert last["reason"] == "on my way"


def test_a_trail_leads_from_the_reading_to_the_person(
    run: Run, database: Database
) -> None:
    alarm_id = _id(database, "p")
    run("acknowledge", alarm_id, "--by", "dr-2")
    what = [
        each["what"] for each in orjson.loads(run("trail", alarm_id, "--json").output)
    ]
    assert what[:4] == ["reading", "found", "folded", "raised"]
    assert "notice" in what[4:-1]
    assert what[-1] == "acknowledged"
    shown = run("trail", alarm_id).output
    for part in ("rule version 1", "observed 31", "a test", "dr-2"):
        assert part in shown


def test_a_shelved_alarm_has_a_reason_and_an_end(run: Run, database: Database) -> None:
    alarm_id = _id(database, "p")
    assert run("shelve", alarm_id, "--minutes", "5").exit_code == 2
    done = run("shelve", alarm_id, "--minutes", "5", "--reason", "being turned")
    assert done.exit_code == 0
    after = next(a for a in alarms(database) if a.alarm_id == alarm_id)
    assert after.state is State.SHELVED


def test_what_people_write_is_shown_as_they_wrote_it(
    run: Run, database: Database
) -> None:
    reason = "see chart [/3] [b"
    run("acknowledge", _id(database, "p"), "--by", "[/red]", "--reason", reason)
    shown = run("trail", _id(database, "p"))
    assert shown.exception is None
    assert reason in shown.output
    assert "[/red]" in run("list").output


def test_alarms_that_are_over_are_listed_when_asked_for(
    run: Run, database: Database
) -> None:
    now = service.now_ms() / 1000
    match = ended(ongoing("n", now - 30, patient="q"), now - 29)
    parts = Wiring(database, Roster.read(DeliverySettings().people))
    with database.writing() as session:
        ledger = parts.ledger(session)
        fold(ledger, [match], parts.rules)
        ledger.now_ms += 3600_000
        ledger.pass_time()
    assert len(orjson.loads(run("list", "--json").output)) == 1
    assert len(orjson.loads(run("list", "--all", "--json").output)) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["acknowledge", "nothing"], "no alarm begins with 'nothing'"),
        (["trail", ""], "several alarms begin with ''"),
    ],
)
def test_a_mistake_is_said_in_one_line(
    run: Run,
    arguments: list[str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run("list").exit_code == 0
    monkeypatch.setattr("sys.argv", ["alerts", *arguments])
    with pytest.raises(SystemExit, match="1"):
        main()
    err = capfd.readouterr().err
    assert told in err
    assert len(err.splitlines()) == 1


def test_an_alarm_is_found_by_the_beginning_of_its_id_and_by_the_whole_of_it(
    database: Database,
) -> None:
    with database.writing() as session:
        for name in ("ab", "abc", "abd", "b"):
            now = matched(name)
            Ledger(session, 0).write((now, []))
    with database.reading() as session:
        ledger = Ledger(session, 0)
        assert ledger.find("ab").alarm_id == "ab", "whole, though others begin so"
        assert ledger.find("abd").alarm_id == "abd"
        assert ledger.whole("abc").alarm_id == "abc"
        for several in ("a", ""):
            with pytest.raises(Refused, match="several alarms begin"):
                ledger.find(several)
        for none in ("abe", "c", "a%", "\u2028", "\ud800", "ab\0"):
            with pytest.raises(Refused, match="no alarm begins"):
                ledger.find(none)
        with pytest.raises(Refused, match="there is no alarm 'a'"):
            ledger.whole("a")


def matched(alarm_id: str) -> Alarm:
    return replace(alarm(match_id=alarm_id), alarm_id=alarm_id, patient_id=alarm_id)


def test_what_a_command_makes_is_for_its_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "new/alarms.db"
    monkeypatch.setenv("VIGIL_ALERTS_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setattr("sys.argv", ["alerts", "list"])
    before = os.umask(0o022)
    try:
        with pytest.raises(SystemExit):
            main()
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("minutes", ["nan", "inf", "1e308", "-inf"])
def test_what_is_no_length_of_time_is_refused(
    run: Run, database: Database, minutes: str
) -> None:
    done = run("shelve", _id(database, "p"), "--reason", "why", f"--minutes={minutes}")
    assert done.exit_code == 2
    assert "give minutes" in done.output


def test_a_database_that_fails_midway_is_said_in_one_line(
    run: Run,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run("list").exit_code == 0
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE step"))
    monkeypatch.setattr("sys.argv", ["alerts", "acknowledge", _id(database, "p")])
    with pytest.raises(SystemExit, match="1"):
        main()
    err = capfd.readouterr().err
    assert err.startswith("not done: ")
    assert len(err.splitlines()) == 1


def test_a_database_that_is_not_there_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(
        os.environ, "VIGIL_ALERTS_DATABASE_URL", "sqlite:////proc/x/a.db"
    )
    monkeypatch.setattr("sys.argv", ["alerts", "list"])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert "VIGIL_ALERTS_DATABASE_URL" in capfd.readouterr().err
