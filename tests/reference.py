"""What the patterns and windows should say, worked out with pandas.

Written from the patterns' docstrings and independently of the SQL: sorted by
time, one device at a time, no stream and no state.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cep_patterns.pattern import (
    AtLeast,
    AtMost,
    Condition,
    Followed,
    Held,
    Pattern,
    Silent,
)
from producers.contract import VITAL_SIGNS, VITALS

Expected = tuple[str, str, str, int, int | None]
"""pattern, phase, device, started_ms, ended_ms."""


def usable(messages: list[dict[str, object]]) -> pd.DataFrame:
    """Return the readings with what is implausible left out, and what follows."""
    table = pd.DataFrame(messages).sort_values("ts_ms", kind="stable")
    given = table.reindex(columns=[column.name for column in VITALS.columns])
    heart, breaths = given["heart_rate_bpm"], given["respiratory_rate_per_min"]
    trusted = given["signal_quality_pct"] >= 50
    lives = (given["pulse_rate_bpm"] > 0) | (given["spo2_pct"] > 0)
    zeros = {
        "spo2_pct": given["spo2_pct"] == 0,
        "pulse_rate_bpm": given["pulse_rate_bpm"] == 0,
        "heart_rate_bpm": (heart == 0) & (lives | ~trusted),
        "respiratory_rate_per_min": (breaths == 0) & ~trusted,
    }
    table["sensors_off"] = sum(zero.astype(int) for zero in zeros.values())
    table["implausible_values"] = 0
    for sign in VITAL_SIGNS:
        if sign.name not in table or sign.plausible is None:
            continue
        values = table[sign.name]
        low, high = sign.plausible.above, sign.plausible.below
        inside = (values > low) & (
            (values <= high) if sign.plausible.upper_included else (values < high)
        )
        strange = values.notna() & ~inside & ~((values == 0) & (sign.name in zeros))
        table["implausible_values"] += strange.astype(int)
        table[sign.name] = values.where(inside)
    table["beats_in_contact_bpm"] = (
        heart.where((heart > 0) & (heart < 300))
        .fillna(given["pulse_rate_bpm"].where(given["pulse_rate_bpm"] > 0))
        .fillna(heart.where((heart == 0) & trusted & ~lives))
    )
    table["breaths_in_contact_per_min"] = breaths.where(
        ((breaths > 0) & (breaths < 70)) | ((breaths == 0) & trusted)
    )
    return table


def matches(table: pd.DataFrame, pattern: Pattern) -> set[Expected]:
    """Return every match of ``pattern`` in usable readings."""
    return {
        (pattern.name, phase, str(device), started, ended)
        for _, patient in table.groupby("patient_id")
        for device, readings in patient.groupby("device_id")
        for phase, started, ended in _found(patient, readings, pattern)
    }


def _found(
    patient: pd.DataFrame, readings: pd.DataFrame, pattern: Pattern
) -> Iterator[tuple[str, int, int | None]]:
    if isinstance(pattern, Silent):
        yield from _silent(readings, pattern)
    elif isinstance(pattern, Held):
        yield from _held(readings, pattern)
    else:
        yield from _followed(patient, readings, pattern)


def _followed(
    patient: pd.DataFrame, readings: pd.DataFrame, pattern: Followed
) -> Iterator[tuple[str, int, int | None]]:
    if pattern.after_signal not in patient:
        return
    values = patient[pattern.after_signal].to_numpy()
    met_ms = patient["ts_ms"].to_numpy()[_meets(values, pattern.after_condition)]
    for phase, started, ended in _held(readings, pattern):
        since_ms = started - met_ms
        if ((since_ms >= 0) & (since_ms <= pattern.within_s * 1000)).any():
            yield phase, started, ended


def _held(
    readings: pd.DataFrame, pattern: Held | Followed
) -> Iterator[tuple[str, int, int | None]]:
    if pattern.signal not in readings:
        return
    known = readings[readings[pattern.signal].notna()]
    ts_ms = known["ts_ms"].to_numpy()
    hit = _meets(known[pattern.signal].to_numpy(), pattern.condition)
    if isinstance(pattern, Held) and "activity" in known:
        hit &= ~known["activity"].isin(pattern.not_during).to_numpy()
    gap = np.diff(ts_ms, prepend=ts_ms[:1]) > pattern.gap_s * 1000
    run = np.cumsum(gap | (np.diff(hit, prepend=False) != 0))
    for number in np.unique(run[hit]):
        in_run = np.flatnonzero(run == number)
        first, last = int(ts_ms[in_run[0]]), int(ts_ms[in_run[-1]])
        if len(in_run) > 1 and last - first >= pattern.hold_s * 1000:
            yield "ongoing", first, None
            if in_run[-1] + 1 < len(ts_ms):
                yield "ended", first, last


def _meets(values: NDArray[np.float64], condition: Condition) -> NDArray[np.bool_]:
    if isinstance(condition, AtLeast):
        return values >= condition.bound
    if isinstance(condition, AtMost):
        return values <= condition.bound
    return values < condition.bound


def _silent(
    readings: pd.DataFrame, pattern: Silent
) -> Iterator[tuple[str, int, int | None]]:
    slot_ms = pattern.slot_s * 1000
    heard = np.unique(readings["ts_ms"].to_numpy() // slot_ms) * slot_ms
    for before, after in zip(heard, [*heard[1:], None], strict=True):
        if after is None:
            yield "ongoing", int(before + slot_ms), None
        elif after - before > pattern.slots * slot_ms:
            yield "ongoing", int(before + slot_ms), None
            yield "ended", int(before + slot_ms), int(after)


def windows(table: pd.DataFrame, length_s: int) -> pd.DataFrame:
    """Return mean, min, max and count of each sign, by patient and window start."""
    start = (table["ts_ms"] // (length_s * 1000) * (length_s * 1000)).rename("start_ms")
    signs = [sign.name for sign in VITAL_SIGNS if sign.name in table]
    grouped = table.groupby(["patient_id", start])[signs]
    statistics = grouped.agg(["mean", "min", "max", "count"])
    statistics.columns = ["_".join(column) for column in statistics.columns]
    return statistics
