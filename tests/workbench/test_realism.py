"""Comparing simulated with recorded patients, as an engineer does."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from digital_twin.scenarios import SCENARIOS
from producers.recordings import read_all
from workbench.realism import app, summary
from workbench.realism_fleet import STEPS, fleet
from workbench.realism_measures import (
    HOURS,
    SECONDS,
    Measure,
    Pace,
    Patient,
    autocorrelation,
    measured,
    measures,
    patients,
)
from workbench.realism_report import Row, Verdict, rows

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("VIGIL_DATA", ROOT.parent / "shared/data"))
BIDMC = DATA / "vitals_bidmc"
HOURLY = DATA / "vitals_physionet2019/sample_300.tar.xz"
needs_data = pytest.mark.skipif(
    not (BIDMC.exists() and HOURLY.exists()), reason=f"no recordings in {DATA}"
)


def recording(path: Path, step_ms: int, values: list[float | None]) -> Path:
    lines = [
        json.dumps(
            {"ts_ms": i * step_ms, "patient_id": path.stem, "heart_rate_bpm": value}
        )
        for i, value in enumerate(values)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    [line] = result.stderr.strip().splitlines()
    return line


def test_wrong_input_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "there is no such file" in refused(str(tmp_path / "a.csv"))
    assert "no such; there are calm" in refused("a.csv", "--scenario", "chaos")
    assert "ends in .svg or .png" in refused("a.csv", "--out", "a.gif")
    assert "folder is not there" in refused("a.csv", "--out", "no/such/a.svg")


def test_recordings_at_another_pace_are_refused(tmp_path: Path) -> None:
    path = recording(tmp_path / "p.jsonl", 7000, [70.0] * 20)
    assert "every second or every hour" in refused(str(path))


@pytest.mark.parametrize("values", [[1.0, 2.0, np.nan, 3.0] * 5])
def test_missing_is_a_share_and_touches_nothing_else(values: list[float]) -> None:
    array = np.array(values)
    assert Measure("missing").of(array) == 0.25
    assert Measure("level").of(array) == 2.0
    assert Measure("spread").of(array) == pytest.approx(np.sqrt(2.0 / 3.0))


def test_what_does_not_move_or_is_too_short_has_no_autocorrelation() -> None:
    assert np.isnan(autocorrelation(np.full(50, 3.0), 1))
    assert np.isnan(autocorrelation(np.arange(8.0), 1))


@given(keep=st.sampled_from([0.0, 0.5, 0.9]), steps=st.sampled_from([1, 3]))
def test_the_autocorrelation_of_a_known_process_is_known(
    keep: float, steps: int
) -> None:
    """A first-order process forgets a share of itself with every step."""
    rng, values = np.random.default_rng(7), np.zeros(4000)
    for i in range(1, values.size):
        values[i] = keep * values[i - 1] + rng.standard_normal()
    assert autocorrelation(values, steps) == pytest.approx(keep**steps, abs=0.07)


def row(fleet: list[float], recorded: list[float]) -> Row:
    return Row("heart_rate_bpm", Measure("level"), np.array(fleet), np.array(recorded))


@pytest.mark.parametrize(
    ("fleet", "verdict"),
    [
        ([60, 70, 80], Verdict.INSIDE),
        ([50, 70, 80], Verdict.PARTLY),
        ([40, 50, 80], Verdict.OUTSIDE),
    ],
)
def test_a_verdict_is_of_the_middle_and_the_median(
    fleet: list[float], verdict: Verdict
) -> None:
    assert row(fleet, [55.0, 90.0]).verdict == verdict


def test_a_fleet_of_one_kind_is_inside_and_covers_nothing() -> None:
    found = row([70.0, 70.0], [60.0, 80.0])
    assert (found.verdict, found.covered) == (Verdict.INSIDE, 0.0)
    assert "1 inside, 0 partly, 0 outside" in summary([found])


@pytest.mark.parametrize("pace", [SECONDS, HOURS], ids=lambda pace: pace.name)
def test_the_same_fleet_is_compared_each_time(pace: Pace) -> None:
    one, again = (fleet(SCENARIOS["night"], 60, 3, pace) for _ in range(2))
    assert len(one) == 60
    for first, second in zip(one, again, strict=True):
        for sign, values in first.signs.items():
            assert values.size == STEPS[pace.step_s]
            np.testing.assert_array_equal(values, second.signs[sign])


def test_a_table_and_a_picture_come_of_a_recording(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    values = [float(round(value)) for value in 75 + rng.standard_normal(120)]
    path, out = tmp_path / "p.jsonl", tmp_path / "a.svg"
    result = CliRunner().invoke(
        app,
        [
            str(recording(path, 1000, [*values, None])),
            *("--out", str(out), "--number", "50"),
        ],
    )
    assert result.exit_code == 0, result.output
    assert "heart_rate_bpm" in result.stdout
    assert out.read_text(encoding="utf-8").startswith("<?xml")


@needs_data
@pytest.mark.parametrize(("path", "pace"), [(BIDMC, SECONDS), (HOURLY, HOURS)])
def test_the_fleet_is_as_far_inside_recorded_patients_as_is_said(
    path: Path, pace: Pace
) -> None:
    """Say that only missingness is apart: what is charted is not what is sent."""
    recorded = [each for each in patients(read_all([path])) if each.pace is pace]
    ours = fleet(SCENARIOS["night"], 512, 1, pace)
    found = list(rows(ours, recorded, pace))
    outside = {each.measure.name for each in found if each.verdict is Verdict.OUTSIDE}
    assert outside <= {"missing"}
    inside = sum(each.verdict is Verdict.INSIDE for each in found)
    assert inside >= 0.7 * len(found)


def test_everything_asked_for_is_measured() -> None:
    names = [measure.name for measure in measures(SECONDS)]
    assert names == ["level", "spread", "r(1 s)", "r(10 s)", "r(60 s)", "missing"]


def test_a_sign_that_a_patient_does_not_have_does_not_count() -> None:
    without = Patient(SECONDS, {"spo2_pct": np.full(20, np.nan)})
    assert measured([without], "spo2_pct", Measure("missing")).size == 0


def test_a_measure_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        Measure("mising").of(np.arange(20.0))
