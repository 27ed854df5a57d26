"""A whole cohort: reproducible, independent of others, and true to its truth."""

import os
import subprocess
import sys
from dataclasses import fields, is_dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from digital_twin.charted import on_oxygen
from digital_twin.cohort import COHORT_SIZE, Array, devices, phases, streams
from digital_twin.kinds import SILENT_DEVICE, TACHYCARDIA
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS, Scenario, Scripted
from digital_twin.sensors import SIGNALS
from digital_twin.ward import (
    Devices,
    Period,
    Setting,
    begun,
    initial,
    play,
    step,
)

ROOT = Path(__file__).parents[2]


def periods(  # noqa: PLR0913 - a test names what it varies
    scenario: Scenario,
    *,
    n: int = 8,
    count: int = 200,
    seed: int = 7,
    cohort: int = 0,
    network: str = "perfect",
) -> list[Period]:
    setting = Setting(
        seed=seed, period_s=1.0, scenario=scenario, network=NETWORKS[network]
    )
    return list(islice(play(cohort, n, setting), count))


def only(kind_script: Scripted) -> Scenario:
    return Scenario(doc="", script=(kind_script,))


def together(played: list[Period]) -> tuple[Array, Array, Array]:
    """Return device, time and heart rate of all readings."""
    hr = [s.name for s in SIGNALS].index("heart_rate_bpm")
    sent = [period.sent for period in played]
    return (
        np.concatenate([each.device for each in sent]),
        np.concatenate([each.at_s for each in sent]),
        np.concatenate([each.values[hr] for each in sent]).astype(float),
    )


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("network", NETWORKS)
def test_the_same_seed_plays_the_same(name: str, network: str) -> None:
    first = periods(SCENARIOS[name], count=20, network=network)
    again = periods(SCENARIOS[name], count=20, network=network)
    for one, other in zip(first, again, strict=True):
        assert one.begun == other.begun
        for column, same in zip(one.sent, other.sent, strict=True):
            np.testing.assert_array_equal(np.asarray(column), np.asarray(same))


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_begins_is_known_without_playing(name: str) -> None:
    setting = Setting(
        seed=7, period_s=1.0, scenario=SCENARIOS[name], network=NETWORKS["poor"]
    )
    told = [period.begun for period in islice(play(1, 40, setting), 120)]
    assert list(islice(begun(1, 40, setting), 120)) == told


def test_another_seed_plays_something_else() -> None:
    one, two = (together(periods(SCENARIOS["calm"], seed=seed)) for seed in (1, 2))
    assert not np.array_equal(one[2], two[2])


def test_the_network_does_not_change_what_is_measured() -> None:
    good, perfect = (
        together(periods(SCENARIOS["busy"], network=name))
        for name in ("good", "perfect")
    )
    for one, other in zip(good, perfect, strict=True):
        np.testing.assert_array_equal(one, other)


def test_illness_does_not_change_the_healthy() -> None:
    ill = together(periods(only(Scripted(TACHYCARDIA, 5.0, 900.0))))
    calm = together(periods(SCENARIOS["calm"]))
    sick = {
        e.device
        for p in periods(only(Scripted(TACHYCARDIA, 5.0, 900.0)))
        for e in p.begun
    }
    well = ~np.isin(ill[0], list(sick))
    np.testing.assert_array_equal(ill[2][well], calm[2][well])


def test_each_device_reads_once_a_period_at_its_own_phase() -> None:
    device, at_s, _ = together(periods(SCENARIOS["calm"], count=10))
    for one in range(8):
        times_s = at_s[device == one]
        np.testing.assert_allclose(np.diff(times_s), 1.0)
    assert len(set(np.mod(at_s, 1.0).round(6))) == 8


def test_the_truth_is_what_was_played() -> None:
    played = periods(only(Scripted(TACHYCARDIA, 5.0, 900.0)))
    [episode] = [each for period in played for each in period.begun]
    device, at_s, heart_rate = together(played)
    ramp_s = TACHYCARDIA.recovers_s
    during = (episode.onset_s + ramp_s < at_s) & (at_s < episode.end_s - ramp_s)
    outside = (at_s < episode.onset_s) | (at_s > episode.end_s)
    sick = device == episode.device
    assert heart_rate[sick & during].min() > 135
    assert heart_rate[sick & outside].max() < 110
    assert heart_rate[~sick].max() < 110


def test_a_silent_device_sends_nothing_but_counts_on() -> None:
    played = periods(only(Scripted(SILENT_DEVICE, 5.0, 900.0)))
    [episode] = [each for period in played for each in period.begun]
    device, at_s, _ = together(played)
    mine = device == episode.device
    silent = (episode.onset_s <= at_s) & (at_s < episode.end_s)
    assert not (mine & silent).any()
    seq = np.concatenate([period.sent.seq for period in played])[mine]
    gap_s = episode.end_s - episode.onset_s
    assert np.diff(seq).max() == pytest.approx(gap_s, abs=2)


def test_who_is_ill_from_the_start_is_in_the_truth() -> None:
    first = periods(SCENARIOS["storm"], n=256, count=1)[0]
    assert len(first.begun) > 100
    assert min(each.onset_s for each in first.begun) < 0
    assert min(each.end_s for each in first.begun) >= 0


_DIGEST = """
import hashlib
from itertools import islice
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from digital_twin.ward import Setting, play
night = Setting(seed=7, period_s=1.0, scenario=SCENARIOS["night"],
                network=NETWORKS["poor"])
digest = hashlib.sha256()
for period in islice(play(3, 64, night), 120):
    for column in period.sent:
        digest.update(column.tobytes())
print(digest.hexdigest())
"""


def test_another_process_plays_the_same_bytes() -> None:
    """Nothing depends on the order of a set, nor on anything else of a process."""
    told = {
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", _DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize("name", ["calm", "night", "storm"])
def test_what_is_remembered_of_a_device_does_not_grow(name: str) -> None:
    """A cohort remembers no more after ten minutes than after one: under 500 bytes."""
    setting = Setting(
        seed=7, period_s=1.0, scenario=SCENARIOS[name], network=NETWORKS["perfect"]
    )
    number = devices(0, COHORT_SIZE)
    device = Devices(number, phases(number), on_oxygen(number))
    rng = streams(7, 0)
    state, sizes = initial(device, setting, rng), []
    for second in range(601):
        if second % 60 == 0:
            sizes.append(_bytes(state))
        state = step(state, device, setting, rng)
    assert max(sizes) < 1.1 * sizes[0]
    assert max(sizes) / COHORT_SIZE < 500


def _bytes(state: object) -> int:
    """Return how much the arrays in a state hold."""
    if isinstance(state, np.ndarray):
        return int(state.nbytes)
    if isinstance(state, tuple):
        return sum(map(_bytes, state))
    if not is_dataclass(state):
        return 0
    return sum(_bytes(getattr(state, field.name)) for field in fields(state))
