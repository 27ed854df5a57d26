"""Where a demo's readings come from: a simulated fleet, or recorded patients."""

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from digital_twin.scenarios import SCENARIOS
from producers.recordings import RecordingError, read_all
from producers.tracks import track
from stack.errors import StackError

SLOW_MS: Final = 10_000
"""Readings further apart than this make a ward in which little is seen to happen."""

EEG_PATIENTS: Final = 4
"""Patients of a simulated ward who have an EEG: two of them seize in the demo."""

_MODULE: Final = (sys.executable, "-m")


@dataclass(frozen=True, slots=True)
class Source:
    """What is started, and what it is called."""

    title: str
    command: tuple[str, ...]


def simulated(devices: int, scenario: str, seed: int) -> Source:
    """Return a fleet of simulated patients; refuse a scenario there is not."""
    if scenario not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        msg = f"scenario {scenario}: there is no such scenario; there are {known}"
        raise StackError(msg)
    eeg = min(EEG_PATIENTS, devices)
    options = {
        "devices": devices,
        "eeg-patients": eeg,
        "scenario": scenario,
        "seed": seed,
    }
    given = [part for name, v in options.items() for part in (f"--{name}", str(v))]
    title = f"{devices:,} simulated patients, {eeg} with EEG, {scenario}, seed {seed}"
    return Source(title, (*_MODULE, "producers.fleet", *given))


def recorded(folder: Path) -> Source:
    """Return recorded patients, again and again; refuse what is no recording."""
    try:
        tracks = [track(recording) for recording in read_all([folder])]
    except (RecordingError, OSError) as error:
        raise StackError(str(error)) from None
    title = f"{len(tracks):,} recorded patients of {folder.name}, looped"
    fastest_ms = min(each.interval_ms for each in tracks)
    if fastest_ms > SLOW_MS:
        title += f", a reading only every {timedelta(milliseconds=fastest_ms)}"
    path = str(folder.resolve())
    return Source(title, (*_MODULE, "producers.replay", "--loop", path))
