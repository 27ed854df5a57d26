"""The fleet's command line: what it refuses, and how it says so."""

import pytest
from typer.testing import CliRunner

from digital_twin.scenarios import SCENARIOS
from producers.fleet import app


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scenario", "chaos"], ", ".join(SCENARIOS)),
        (["--network", "pigeon"], "perfect, good, poor"),
        (["--rate", "2"], "at most 1 reading a second"),
        (["--rate", "0"], "at most 1 reading a second"),
        (["--devices", "3", "--eeg-patients", "4"], "there are 3 patients"),
        (["--max-speed"], "--duration"),
        (["--start-ms", "1", "--duration", "1"], "--max-speed"),
        (["--duration", "5x"], "90s, 10m, 2h"),
        (["--speed", "5"], "--duration"),
        (["--speed", "0"], "above 0"),
        (["--shard", "0/2"], "as in 2/4"),
        (["--shard", "3/2"], "as in 2/4"),
        (["--shard", "half"], "as in 2/4"),
        (["--devices", "600", "--shard", "3/3"], "in 2 cohorts of 512"),
        (["--devices", "600", "--processes", "3"], "in 2 cohorts of 512"),
        (["--processes", "2", "--speed", "5", "--duration", "1m"], "leave it out"),
        (["--processes", "2", "--max-speed", "--count", "5"], "leave it out"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(
    arguments: list[str], said: str
) -> None:
    outcome = CliRunner().invoke(app, [*arguments, "--brokers", "127.0.0.1:1"])
    assert isinstance(outcome.exception, SystemExit)
    assert said in str(outcome.exception.code) + outcome.output
    assert outcome.exit_code == 1


def test_help_names_every_scenario() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    assert all(f"{name}:" in shown for name in SCENARIOS)
