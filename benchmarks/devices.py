"""How long before a device fails its signature is found, and how often for nothing.

``python -m benchmarks.devices`` plays 90 days of 1,000 devices, two on each patient,
that wear and are repaired, writes a status of each every ten minutes to a file,
and runs the SQL of ``watch_devices`` over it, in this process, as fast as it goes.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.device_days import Days, Trouble
from cep_patterns.catalogue import CATALOGUE
from digital_twin.devices.course import Setting
from digital_twin.devices.faults import (
    AGEING_EMITTER,
    CLOCK_JUMP,
    DRY_ELECTRODES,
    FREE_CLOCK,
    HANGING_FIRMWARE,
    LOOSE_PROBE,
    LOOSE_SUPPLY,
    NEGLECTED_CALIBRATION,
    POOR_RADIO,
    RADIO_AWAY,
    WEAK_CELL,
)
from digital_twin.devices.plans import PLANS
from workbench.try_patterns import prepare

START_MS: Final = 1_767_225_600_000
HOUR_MS: Final = 3_600_000
YEAR_DAYS: Final = 365.0
WORST_PCT: Final = 5
MB: Final = 1e6
WIDE: Final = 170
"""Columns where nobody's terminal says how many there are."""

SIGNATURES: Final = {
    "battery_draining_faster": (WEAK_CELL,),
    "contact_falling": (DRY_ELECTRODES,),
    "restarts_rising": (LOOSE_SUPPLY,),
    "spo2_offset_drifting": (AGEING_EMITTER,),
    "calibration_overdue": (NEGLECTED_CALIBRATION,),
    "readings_frozen": (HANGING_FIRMWARE,),
    "clock_drifting": (FREE_CLOCK, CLOCK_JUMP),
    "probe_off_again": (LOOSE_PROBE,),
}
"""Which faults each pattern is there for; neither side knows of the other."""

HARMLESS: Final = (RADIO_AWAY.name, POOR_RADIO.name)
"""Faults that no pattern of devices is to speak of."""

BY_PATIENT: Final = ("spo2_offset_drifting",)
"""Patterns that say that one of a patient's devices is wrong, and not which."""

Match = dict[str, object]

console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def main(
    devices: Annotated[int, typer.Option(help="Devices, two on each patient.")] = 1000,
    days: Annotated[float, typer.Option(help="How long they are watched.")] = 90.0,
    period: Annotated[float, typer.Option(help="Seconds from status to status.")] = 600,
    seed: Annotated[int, typer.Option(help="The same seed plays the same.")] = 1,
) -> None:
    """Play worn devices, find what the patterns say, and print what it was worth."""
    setting = Setting(seed=seed, plan=PLANS["wear"], period_s=period)
    played = Days(devices, days, setting, START_MS)
    with tempfile.TemporaryDirectory(prefix="vigil-devices-") as folder:
        file = Path(folder) / "statuses.jsonl"
        began_s = time.monotonic()
        with console.status("devices are played"):
            written, troubles = played.write(file)
        wrote_s = time.monotonic() - began_s
        console.log(f"{written:,} statuses written in {wrote_s:.0f} s")
        with console.status("Flink reads them"):
            found, state = _found(file)
    console.print(report(played, troubles, found))
    console.print(
        f"{written:,} statuses in {state.took_s:.0f} s, planning included"
        f" ({written / state.took_s:,.0f}/s); state {state.last_bytes / MB:.1f} MB at"
        f" the end, {state.most_bytes / MB:.1f} MB at most:"
        f" {state.last_bytes / devices:,.0f}"
        " bytes a device"
    )


@dataclass(slots=True)
class State:
    """How large the checkpoints were, and how long all took."""

    took_s: float = 0.0
    last_bytes: int = 0
    most_bytes: int = 0
    _over: Event = field(default_factory=Event)

    def watch(self, folder: Path) -> None:
        """Look at the newest complete checkpoint, until it is over."""
        while not self._over.wait(0.5):
            for whole in folder.glob("*/chk-*/_metadata"):
                size = sum(_size(file) for file in whole.parent.glob("*"))
                self.last_bytes = size or self.last_bytes
                self.most_bytes = max(self.most_bytes, size)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def _watched(folder: Path) -> Iterator[State]:
    state, began_s = State(), time.monotonic()
    thread = Thread(target=state.watch, args=[folder], daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.took_s = time.monotonic() - began_s
        state._over.set()  # noqa: SLF001 - it is ours
        thread.join()


def _found(file: Path) -> tuple[list[Match], State]:
    """Return what the patterns find in ``file``, and what Flink remembered."""
    os.environ.setdefault("JVM_ARGS", "-XX:+UseParallelGC -Xmx3g")
    prepare(os.environ)
    from jobs.in_process import device_matches_in  # noqa: PLC0415 - it starts Java

    with tempfile.TemporaryDirectory(prefix="vigil-state-") as folder:
        options = {
            "execution.checkpointing.interval": "5 s",
            "execution.checkpointing.dir": Path(folder).as_uri(),
            "execution.checkpointing.storage": "filesystem",
        }
        with _watched(Path(folder)) as state:
            return device_matches_in(file, CATALOGUE, options), state


@dataclass(frozen=True, slots=True)
class Worth:
    """What one pattern was worth; times in hours."""

    played: int
    leads_h: Sequence[float]
    false_calls: int
    other_calls: int
    healthy_years: float

    @property
    def row(self) -> tuple[str, ...]:
        """Return it as words."""
        leads = self.leads_h
        p5, p50 = np.percentile(leads, [WORST_PCT, 50]) if leads else (np.nan,) * 2
        return (
            f"{self.played}",
            f"{len(leads)}",
            f"{sum(lead > 0 for lead in leads)}",
            _hours(p50),
            _hours(p5),
            f"{self.false_calls}",
            f"{self.false_calls / self.healthy_years:.3f}",
            f"{self.other_calls}",
        )


def report(played: Days, troubles: Sequence[Trouble], found: Sequence[Match]) -> Table:
    """Return the table of what each pattern was worth."""
    table = Table(
        "pattern",
        "fault",
        "played",
        "found",
        "before it failed",
        "lead, median",
        "lead, worst 5 %",
        "false calls",
        "a device-year",
        "calls of other faults",
    )
    for name, faults in SIGNATURES.items():
        for fault in faults:
            each = worth(played, troubles, found, name, fault.name)
            table.add_row(name, fault.name, *each.row)
    return table


def worth(
    played: Days,
    troubles: Sequence[Trouble],
    found: Sequence[Match],
    name: str,
    fault: str,
) -> Worth:
    """Return what the pattern ``name`` was worth for ``fault``.

    Faults whose failure lies behind the end of the run are not counted. A call is
    false on a device on which nothing was wrong at any time but its radio, nor on
    another of the patient's where the pattern does not say which.
    """
    calls = [m for m in found if m["pattern_name"] == name and m["phase"] == "ongoing"]
    key = "patient_id" if name in BY_PATIENT else "device_id"
    within = [t for t in troubles if t.fault == fault and t.fails_ms < played.ends_ms]
    leads = [lead for t in within for lead in _lead_h(t, calls, key)]
    sick = {getattr(t, key) for t in troubles if t.fault not in HARMLESS}
    meant = {f.name for f in SIGNATURES[name]}
    known = [t for t in troubles if t.fault in meant]
    false = [m for m in calls if m[key] not in sick]
    other = [m for m in calls if m[key] in sick and not _is_meant(m, known, key)]
    whose = played.patient_of
    healthy = sum(
        (patient if key == "patient_id" else device) not in sick
        for device, patient in whose.items()
    )
    years = healthy * played.days / YEAR_DAYS
    return Worth(len(within), leads, len(false), len(other), years)


def _lead_h(trouble: Trouble, calls: Iterable[Match], key: str) -> list[float]:
    """Return how long before its failure a fault was called first, if it was."""
    times = [
        int(str(m["ts_ms"]))
        for m in calls
        if m[key] == getattr(trouble, key)
        and trouble.onset_ms <= int(str(m["ts_ms"])) <= trouble.ends_ms + HOUR_MS
    ]
    return [(trouble.fails_ms - min(times)) / HOUR_MS] if times else []


def _is_meant(match: Match, troubles: Iterable[Trouble], key: str) -> bool:
    at_ms = int(str(match["ts_ms"]))
    return any(
        match[key] == getattr(t, key)
        and t.onset_ms <= at_ms <= t.ends_ms + 7 * 24 * HOUR_MS
        for t in troubles
    )


def _hours(hours: float) -> str:
    return f"{hours / 24:.1f} d" if abs(hours) >= 48 else f"{hours:.1f} h"  # noqa: PLR2004 - two days


if __name__ == "__main__":
    typer.run(main)
