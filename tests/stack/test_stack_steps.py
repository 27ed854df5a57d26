"""A step is named, timed, logged; its failure is one line."""

import os
from pathlib import Path

import pytest
from rich.console import Console

from stack.errors import StackError
from stack.steps import cause, run, step
from stack.waiting import until


def test_a_step_says_its_name_and_how_long_it_took() -> None:
    console = Console(record=True)
    with step(console, "Kafka broker"):
        pass
    assert "Kafka broker: done in 0.0 s" in console.export_text()


def test_a_step_that_fails_is_not_called_done() -> None:
    console = Console(record=True)
    with pytest.raises(ValueError, match="no"), step(console, "Kafka"):
        raise ValueError("no")  # noqa: EM101
    assert "done" not in console.export_text()


def test_every_line_of_a_command_is_news_and_is_logged(tmp_path: Path) -> None:
    news: list[str] = []
    log = tmp_path / "log"
    command = ["sh", "-c", "echo one; echo two >&2"]
    run(command, cwd=tmp_path, env=os.environ, log=log, tell=news.append)
    assert news == ["one", "two"]
    assert log.read_text(encoding="utf-8").endswith("one\ntwo\n")


def test_a_failing_command_names_tool_cause_and_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["sh", "-c", "echo fine; echo 'error: disk full'; echo bye; exit 3"]
    with pytest.raises(StackError) as failure:
        run(command, cwd=tmp_path, env=os.environ, log=log, tell=print)
    assert str(failure.value) == f"sh failed: error: disk full (whole log: {log})"


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("a\n[ERROR] b\n[ERROR] c\n", "[ERROR] b"),
        ("first\nlast\n\n", "last"),
        ("", "it wrote nothing"),
    ],
)
def test_cause_is_the_first_error_or_the_last_word(output: str, line: str) -> None:
    assert cause(output) == line


def test_waiting_ends_as_soon_as_it_is_so() -> None:
    answers = iter([False, False, True])
    until(lambda: next(answers), otherwise=lambda: "never")


def test_waiting_in_vain_says_why() -> None:
    with pytest.raises(StackError, match="read the log"):
        until(lambda: False, otherwise=lambda: "read the log", timeout_s=0.1)
