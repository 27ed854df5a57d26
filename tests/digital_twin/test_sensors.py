"""Devices report as devices do, faults included."""

import numpy as np
import pytest

from digital_twin import trends
from digital_twin.cohort import Array, phases
from digital_twin.illnesses import CARE
from digital_twin.kinds import (
    BROKEN_LEAD,
    LEAD_OFF,
    PROBE_OFF,
    PULSE_LOST,
    SILENT_DEVICE,
    Kind,
)
from digital_twin.monitoring import CHARTED, CONTINUOUS, SPOT_CHECKS, Monitoring
from digital_twin.sensors import (
    QUALITY_PCT,
    SIGNALS,
    Readings,
    Signal,
    Times,
    observe,
    written,
)
from tests.digital_twin.patients import at, ill

N = 256


def observed(
    kind: Kind | None = None,
    at_s: float = 15.0,
    monitoring: Monitoring = CONTINUOUS,
) -> Readings:
    """Return readings of patients who are all in ``kind`` from 10 to 20 s."""
    tells = monitoring.tells_activity
    faults = ill(kind, N, 10.0, 20.0)
    who, trend = at(at_s, faults, 9.0, tells_activity=tells)
    times = Times(np.full(N, at_s), phases(np.arange(N)), period_s=1.0)
    levels = trends.levels(trend, who.body)
    return observe(levels, trend.chart, faults, times, monitoring)


def of(readings: Readings, name: str) -> Array:
    row = [signal.name for signal in SIGNALS].index(name)
    return np.asarray(readings.values[row], dtype=float)


def test_a_lost_pulse_takes_the_saturation_with_it_and_nothing_else() -> None:
    lost = observed(PULSE_LOST)
    assert np.isnan([of(lost, "spo2_pct"), of(lost, "pulse_rate_bpm")]).all()
    assert not np.isnan(of(lost, "heart_rate_bpm")).any()


def charted(hour: int) -> Array:
    """Return what is written down of a number that is 1 in everybody, all the time."""
    times = Times(np.full(N, 3600.0 * hour), phases(np.arange(N)), period_s=3600.0)
    values = np.ones((len(SIGNALS), N), dtype=np.float32)
    rng = np.random.default_rng(hour)
    return np.asarray(written(values, times, CHARTED, rng), dtype=float)


def test_a_chart_begins_with_an_empty_hour() -> None:
    assert np.isnan(charted(0)).all()
    assert not np.isnan(charted(1)).all(axis=1).any()


def test_a_chart_lacks_what_its_source_says() -> None:
    missing = np.mean([np.isnan(charted(hour)) for hour in range(1, 200)], axis=(0, 2))
    lacks = dict(zip([signal.name for signal in SIGNALS], missing, strict=True))
    assert lacks["heart_rate_bpm"] == pytest.approx(0.07, abs=0.03)
    assert lacks["respiratory_rate_per_min"] == pytest.approx(0.15, abs=0.03)
    assert lacks["temperature_c"] == pytest.approx(0.66, abs=0.03)
    assert lacks["systolic_mmhg"] == lacks["diastolic_mmhg"]


def test_a_monitor_writes_all_down() -> None:
    values = np.ones((len(SIGNALS), N), dtype=np.float32)
    times = Times(np.zeros(N), phases(np.arange(N)), period_s=1.0)
    assert written(values, times, CONTINUOUS, np.random.default_rng(1)) is values


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_values_are_reported_in_whole_steps(signal: Signal) -> None:
    values = of(observed(), signal.name)
    steps = values[~np.isnan(values)] / signal.resolution
    np.testing.assert_allclose(steps, np.rint(steps), rtol=1e-6)


def test_saturation_is_never_above_100() -> None:
    assert of(observed(), "spo2_pct").max() <= 100


def test_the_pulse_follows_the_heart() -> None:
    readings = observed()
    apart = of(readings, "heart_rate_bpm") - of(readings, "pulse_rate_bpm")
    assert np.abs(apart).max() < 8
    assert np.abs(apart).max() > 0


def test_diastolic_lies_below_systolic() -> None:
    readings = observed()
    assert (of(readings, "diastolic_mmhg") < of(readings, "systolic_mmhg")).all()


def test_a_probe_off_reports_saturation_0_and_no_pulse() -> None:
    readings = observed(PROBE_OFF)
    assert (of(readings, "spo2_pct") == 0).all()
    assert np.isnan(of(readings, "pulse_rate_bpm")).all()
    assert (of(readings, "heart_rate_bpm") > 0).all()


@pytest.mark.parametrize(("kind", "reported"), [(LEAD_OFF, 0), (BROKEN_LEAD, 612)])
def test_a_bad_lead_leaves_the_pulse_alone(kind: Kind, reported: float) -> None:
    readings = observed(kind)
    assert (of(readings, "heart_rate_bpm") == reported).all()
    np.testing.assert_array_equal(
        of(readings, "pulse_rate_bpm"), of(observed(), "pulse_rate_bpm")
    )


@pytest.mark.parametrize("at_s", [9.9, 20.0])
@pytest.mark.parametrize("kind", [PROBE_OFF, LEAD_OFF, BROKEN_LEAD, SILENT_DEVICE])
def test_a_fault_has_a_beginning_and_an_end(kind: Kind, at_s: float) -> None:
    readings = observed(kind, at_s)
    assert readings.sent.all()
    np.testing.assert_array_equal(readings.values, observed(at_s=at_s).values)


def test_only_a_silent_device_sends_nothing() -> None:
    assert not observed(SILENT_DEVICE).sent.any()
    assert observed(PROBE_OFF).sent.all()


@pytest.mark.parametrize("signal", ["systolic_mmhg", "diastolic_mmhg", "temperature_c"])
def test_what_has_a_schedule_is_measured_on_it(signal: str) -> None:
    every_s = SPOT_CHECKS.every_s[signal]
    assert not np.isnan(of(observed(at_s=0.5, monitoring=SPOT_CHECKS), signal)).any()
    turns = [
        ~np.isnan(of(observed(at_s=5.0 + second, monitoring=SPOT_CHECKS), signal))
        for second in range(600)
    ]
    times = np.sum(turns, axis=0)
    assert times.max() == 1
    assert times.mean() == pytest.approx(600 / every_s, abs=0.02)


def test_who_is_cared_for_is_measured() -> None:
    seconds = [
        of(observed(CARE, 10.0 + s, SPOT_CHECKS), "systolic_mmhg") for s in range(9)
    ]
    assert 0 < (~np.isnan(seconds)).any(axis=0).mean() < 0.3


def test_quality_is_told_where_devices_tell_activity() -> None:
    assert np.isnan(of(observed(), "signal_quality_pct")).all()
    told = of(observed(monitoring=SPOT_CHECKS), "signal_quality_pct")
    assert set(told) == {QUALITY_PCT["rest"]}
