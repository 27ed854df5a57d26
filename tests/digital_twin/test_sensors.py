"""Devices report as devices do, faults included."""

import numpy as np
import pytest

from digital_twin import courses, episodes, vital_signs
from digital_twin.cohort import Array, streams
from digital_twin.episodes import NOTHING
from digital_twin.kinds import (
    BROKEN_LEAD,
    KINDS,
    LEAD_OFF,
    PROBE_OFF,
    SILENT_DEVICE,
    Kind,
)
from digital_twin.sensors import SIGNALS, Readings, Signal, observe

N = 256


def observed(kind: Kind | None = None, at_s: float = 15.0) -> Readings:
    """Return readings of patients who are all in ``kind`` from 10 to 20 s."""
    rng = streams(7, 0)
    faults = episodes.State(
        kind=np.full(N, NOTHING if kind is None else KINDS.index(kind)),
        onset_s=np.full(N, 10.0),
        end_s=np.full(N, 20.0),
        gravity=np.zeros(N),
    )
    when = np.full(N, at_s)
    body = vital_signs.initial(N, rng["physiology"])
    return observe(courses.levels(body, faults, when), faults, when, rng["sensors"])


def of(readings: Readings, name: str) -> Array:
    row = [signal.name for signal in SIGNALS].index(name)
    return np.asarray(readings.values[row])


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_values_are_reported_in_whole_steps(signal: Signal) -> None:
    steps = of(observed(), signal.name) / signal.resolution
    np.testing.assert_allclose(steps, np.rint(steps))


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
    np.testing.assert_array_equal(readings.values, observed().values)


def test_only_a_silent_device_sends_nothing() -> None:
    assert not observed(SILENT_DEVICE).sent.any()
    assert observed(PROBE_OFF).sent.all()
