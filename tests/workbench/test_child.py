"""The sender of readings: its death is noticed, and so is why."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from stack.errors import StackError
from stack.waiting import PATIENCE_S
from tests.streams import message, write_lines
from workbench.child import Child, last_words
from workbench.source import recorded, simulated


def started(script: str, log: Path) -> Child:
    return Child.start([sys.executable, "-c", script], {}, log)


def test_a_running_sender_is_stopped_and_has_no_death_to_tell(tmp_path: Path) -> None:
    child = started("import time; time.sleep(600)", tmp_path / "log")
    assert child.death() == ""
    child.stop()
    assert not psutil.pid_exists(child.process.pid)
    child.stop()


def test_a_dead_sender_tells_why(tmp_path: Path) -> None:
    child = started("import sys; sys.exit('no broker')", tmp_path / "log")
    child.process.wait(PATIENCE_S)
    assert "the sender ended: no broker" in child.death()
    assert str(tmp_path / "log") in child.death()


def test_a_killed_sender_says_by_what(tmp_path: Path) -> None:
    child = started("import time; time.sleep(600)", tmp_path / "log")
    child.process.kill()
    child.process.wait()
    assert "the sender ended: killed by SIGKILL" in child.death()


def test_a_sender_that_ignores_us_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.child.PATIENCE_S", 0.2)
    deaf = "import signal, time; signal.signal(2, signal.SIG_IGN); print(1, flush=True)"
    child = started(f"{deaf}; time.sleep(600)", tmp_path / "log")
    while not (tmp_path / "log").read_text(encoding="utf-8"):
        time.sleep(0.01)
    child.stop()
    assert child.process.returncode == -9


def test_last_words_are_the_last_line_with_words() -> None:
    assert last_words("a\nb \n\n") == "b"
    assert last_words("\n") == "it said nothing"


def test_a_fleet_is_asked_for_as_given() -> None:
    source = simulated(1000, "busy", 7)
    assert source.command[2:] == (
        *("producers.fleet", "--devices", "1000", "--eeg-patients", "4"),
        *("--scenario", "busy", "--seed", "7"),
    )
    assert source.title == "1,000 simulated patients, 4 with EEG, busy, seed 7"


def test_a_small_fleet_has_an_eeg_of_everybody() -> None:
    assert simulated(2, "busy", 7).command[-6:-4] == ("--eeg-patients", "2")


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(StackError, match=r"scenario x: .* calm, demo"):
        simulated(1, "x", 1)


def test_recordings_are_played_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Time [s],HR\n0,80\n1,81\n", encoding="utf-8")
    source = recorded(tmp_path)
    assert source.command[2:] == ("producers.replay", "--loop", str(tmp_path))
    assert source.title == f"1 recorded patients of {tmp_path.name}, looped"


def test_recordings_in_which_little_is_seen_to_happen_say_so(tmp_path: Path) -> None:
    hourly = [message(hour * 3600) for hour in range(3)]
    write_lines(hourly, tmp_path / "a.jsonl")
    assert recorded(tmp_path).title.endswith("looped, a reading only every 1:00:00")


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no recording found"):
        recorded(tmp_path)
