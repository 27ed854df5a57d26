"""The replay's command line: what it refuses, and how it says so."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from producers.replay import app

CSV = "Time [s], HR, PULSE, RESP, SpO2\n0,94,93,25,97\n1,94,93,25,97\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "no such file"),
        (["a.csv", "--speed", "0"], "above 0"),
        (["a.csv", "--speed", "2"], "2 readings a second; 1 is allowed"),
        (["a.csv", "--loop", "--max-speed"], "--duration"),
        (["a.csv", "--start-ms", "5"], "needs --max-speed"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(CSV, encoding="utf-8")
    outcome = CliRunner().invoke(app, [*arguments, "--brokers", "127.0.0.1:1"])
    assert isinstance(outcome.exception, SystemExit)
    assert said in outcome.output + str(outcome.exception.code)
    assert outcome.exit_code == 1
