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
        (["--max-speed"], "--duration"),
        (["--start-ms", "1", "--duration", "1"], "--max-speed"),
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
