"""The benchmark of seizures, on half an hour instead of a day."""

import pytest

from benchmarks.seizures import main
from eeg.scoring import Scorer


def test_the_twins_seizure_is_found_soon_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(hours=0.5, seizures=1, seed=2)
    lines = capsys.readouterr().out.splitlines()
    [row] = [each for each in lines if f" {Scorer.load().threshold:.3f} " in each]
    cells = [float(cell) for cell in row.strip("│ ").split("│")]
    _, sensitivity, precision, f1, false_alarms, p50_s, p95_s = cells
    assert (sensitivity, precision, f1, false_alarms) == (1, 1, 1, 0)
    assert p50_s == p95_s <= 15
