"""The command that replays EEG: what it refuses, and how it says so."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from producers.eeg import app


def archive(path: Path, n_samples: int, rate_hz: float = 173.61) -> None:
    zeros = np.zeros((1, n_samples), np.int16)
    np.savez(path, A=zeros, A_names=np.array(["Z001"]), rate_hz=np.array(rate_hz))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "no such file"),
        (["text.edf"], "expected EDF or EDF+, .npz"),
        (["short.npz"], "shorter than a second"),
        (["fast.npz"], "leave out channels, or lower the rate"),
        (["a.npz", "--speed", "0"], "above 0"),
        (["a.npz", "--speed", "nan"], "above 0"),
        (["a.npz", "--loop", "--speed", "2"], "--duration"),
        (["a.npz"], "no Kafka broker answers at 127.0.0.1:1"),
        (["a.npz", "--loop"], "no Kafka broker answers"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("producers.publisher.CONNECT_S", 0.05)
    archive(Path("a.npz"), 400)
    archive(Path("short.npz"), 100)
    archive(Path("fast.npz"), 500_000, rate_hz=400_000.0)
    Path("text.edf").write_text("text", encoding="utf-8")
    outcome = CliRunner().invoke(app, [*arguments, "--brokers", "127.0.0.1:1"])
    assert isinstance(outcome.exception, SystemExit)
    assert said in outcome.output + str(outcome.exception.code)
    assert outcome.exit_code == 1
    assert "\n" not in str(outcome.exception.code)
