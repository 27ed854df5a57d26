"""What a disk or a folder refuses is said in one line, with what to do."""

import sys
from pathlib import Path

import pytest

from stack import cli
from stack.errors import StackError


def said(
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """Return what a command says that fails with ``error``."""

    def fails() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    return capsys.readouterr().out


@pytest.mark.parametrize("number", sorted(cli.FIXES))
def test_a_disk_that_refuses_is_one_line_with_its_fix(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = said(OSError(number, "refused", "/state/data"), monkeypatch, capsys)
    assert line.startswith("/state/data: refused (")
    assert "VIGIL_STATE_DIR" in line
    assert line.count("\n") == 1


def test_brackets_in_what_is_said_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = StackError("no [/such] folder, still running: [12]")
    assert said(error, monkeypatch, capsys) == f"{error}\n"


@pytest.mark.parametrize("command", ["status", "down", "reset", "backup"])
def test_a_state_folder_that_is_a_file_is_said_in_one_line(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VIGIL_STATE_DIR", str(tmp_path / "file"))
    more = [str(tmp_path / "file/out")] * (command == "backup")
    monkeypatch.setattr(sys, "argv", ["stack", command, *more])
    with pytest.raises(SystemExit):
        cli.main()
    assert "Traceback" not in capsys.readouterr().err
