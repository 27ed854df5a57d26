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
from workbench.realism import app, summary, why_not
from workbench.realism_fleet import STEPS, fleet
from workbench.realism_measures import (
    HOURS,
    SECONDS,
    Measure,
    Pace,
    Patient,
    autocorrelation,
    chance,
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
    """Say that all is inside, but for what eight minutes do not tell."""
    recorded = [each for each in patients(read_all([path])) if each.pace is pace]
    ours = fleet(SCENARIOS["intensive_care"], 512, 1, pace)
    found = list(rows(ours, recorded, pace))
    apart = {
        (each.sign, each.measure.name, each.verdict)
        for each in found
        if each.verdict is not Verdict.INSIDE
    }
    assert apart <= {
        ("spo2_pct", "r(60 s)", Verdict.TOO_SHORT),
        ("respiratory_rate_per_min", "r(60 s)", Verdict.TOO_SHORT),
    }


def test_what_chance_would_put_outside_is_not_compared() -> None:
    """Ten who happen to lie close to nothing, where chance reaches 0.3 either way."""
    fleet, recorded = np.array([-0.4, 0.0, 0.4]), np.array([-0.01, 0.0, 0.5])
    lag = Measure("r(60 s)", 60)
    told = Row("spo2_pct", lag, fleet, recorded, chance=0.2)
    assert told.verdict is Verdict.TOO_SHORT
    [line] = why_not([told])
    assert "not compared" in line
    assert "from -0.33 to 0.33; 3 recorded" in line
    assert list(why_not([told._replace(fleet=np.array([0.0, 0.1, 0.2]))])) == []


@pytest.mark.parametrize(
    ("recorded", "chance"),
    [([-0.4, 0.0, 0.4], 0.2), ([0.6, 0.7, 0.8], 0.2), ([-0.01, 0.0, 0.5], 0.0)],
    ids=["a wide range", "much is left", "no chance"],
)
def test_else_what_is_outside_is_outside(recorded: list[float], chance: float) -> None:
    lag = Measure("r(60 s)", 60)
    far = Row("spo2_pct", lag, np.array([-0.9, 0.0, 0.9]), np.array(recorded), chance)
    assert far.verdict in {Verdict.PARTLY, Verdict.OUTSIDE}


@pytest.mark.parametrize("keep", [0.0, 0.8])
def test_chance_is_as_bartlett_says(keep: float) -> None:
    """A first-order process has (1 + keep**2) / (1 - keep**2) / n."""
    rng, everyone = np.random.default_rng(7), []
    for _ in range(40):
        values = np.zeros(2000)
        for i in range(1, values.size):
            values[i] = keep * values[i - 1] + rng.standard_normal()
        everyone.append(Patient(SECONDS, {"spo2_pct": values}))
    expected = np.sqrt((1 + keep**2) / (1 - keep**2) / 1960)
    assert chance(everyone, "spo2_pct", 40) == pytest.approx(expected, rel=0.1)
    seen = measured(everyone, "spo2_pct", Measure("r(40 s)", 40)).std()
    assert seen == pytest.approx(expected, rel=0.3)


def test_who_is_measured_every_hour_is_known_from_a_chart() -> None:
    for patient in fleet(SCENARIOS["calm"], 60, 3, HOURS):
        assert all(np.isnan(values[0]) for values in patient.signs.values())
    assert not np.isnan(
        fleet(SCENARIOS["calm"], 60, 3, SECONDS)[0].signs["spo2_pct"][0]
    )


def test_everything_asked_for_is_measured() -> None:
    names = [measure.name for measure in measures(SECONDS)]
    assert names == ["level", "spread", "r(1 s)", "r(10 s)", "r(60 s)", "missing"]


def test_a_sign_that_a_patient_does_not_have_does_not_count() -> None:
    without = Patient(SECONDS, {"spo2_pct": np.full(20, np.nan)})
    assert measured([without], "spo2_pct", Measure("missing")).size == 0


def test_a_measure_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        Measure("mising").of(np.arange(20.0))
