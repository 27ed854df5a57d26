"""What the patterns and windows should say, worked out with pandas.

Written from the patterns' docstrings and independently of the SQL: sorted by
time, one device at a time, no stream and no state.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cep_patterns.pattern import (
    SLOT_S,
    Above,
    Adjustable,
    AnyOf,
    AtLeast,
    AtMost,
    Below,
    Burden,
    Condition,
    Followed,
    Held,
    Met,
    Pattern,
    Silent,
    Single,
)
from producers.contract import VITAL_SIGNS, VITALS


class Expected(NamedTuple):
    """What is said of a match; the limit is the one in force when it was found."""

    pattern: str
    severity: str
    phase: str
    patient: str
    device: str
    started_ms: int
    ended_ms: int | None
    limit: float | None


def said(match: Mapping[str, Any]) -> Expected:
    """Return a message of the topic ``matches`` in the same words."""
    return Expected(
        pattern=match["pattern_name"],
        severity=match["severity"],
        phase=match["phase"],
        patient=match["patient_id"],
        device=match["device_id"],
        started_ms=match["started_ms"],
        ended_ms=match.get("ended_ms"),
        limit=match.get("limit_value"),
    )


class Episode(NamedTuple):
    """One message about an episode of one device."""

    phase: str
    started_ms: int
    ended_ms: int | None
    limit: float | None


Limits = Sequence[Mapping[str, Any]]


CONTINUOUS = (
    "heart_rate_bpm",
    "pulse_rate_bpm",
    "spo2_pct",
    "respiratory_rate_per_min",
)


def usable(messages: list[dict[str, object]]) -> pd.DataFrame:
    """Return the readings with what is implausible left out, and what follows."""
    table = pd.DataFrame(messages).sort_values("ts_ms", kind="stable")
    given = table.reindex(columns=[column.name for column in VITALS.columns])
    heart, breaths = given["heart_rate_bpm"], given["respiratory_rate_per_min"]
    quality = given["signal_quality_pct"]
    trusted = (quality >= 50) & (quality <= 100)
    lives = (given["pulse_rate_bpm"] > 0) | (given["spo2_pct"] > 0)
    zeros = {
        "spo2_pct": given["spo2_pct"] == 0,
        "pulse_rate_bpm": given["pulse_rate_bpm"] == 0,
        "heart_rate_bpm": (heart == 0) & (lives | ~trusted),
        "respiratory_rate_per_min": (breaths == 0) & ~trusted,
    }
    table["sensors_off"] = sum(zero.astype(int) for zero in zeros.values())
    signs = given[[sign.name for sign in VITAL_SIGNS]]
    table["empty_readings"] = signs.isna().all(axis="columns").astype(int)
    table["implausible_values"] = 0
    table["misread_values"] = 0
    table["unusable_times"] = 0  # no table has such a reading
    kpa = _in_kpa(given)
    table["pressures_in_kpa"] = sum(each.astype(int) for each in kpa.values())
    table["pressures_in_kpa"] = table["pressures_in_kpa"].where(
        given["systolic_mmhg"].notna()
    )
    for sign in VITAL_SIGNS:
        if sign.name not in table or sign.plausible is None:
            continue
        values = table[sign.name]
        low, high = sign.plausible.above, sign.plausible.below
        inside = (values > low) & (
            (values <= high) if sign.plausible.upper_included else (values < high)
        )
        misread = values.isin(sign.no_value)
        misread |= (sign.name == "spo2_pct") & (values > 0) & (values <= 1)
        misread |= (sign.name == "temperature_c") & (values > 85) & (values < 115)
        table["misread_values"] += misread.astype(int)
        strange = values.notna() & ~inside & ~((values == 0) & (sign.name in zeros))
        table["implausible_values"] += (strange & ~misread).astype(int)
        other = kpa.get(sign.name, misread) | misread
        table[sign.name] = values.where(inside & ~other)
    table["beats_in_contact_bpm"] = (
        heart.where((heart > 0) & (heart < 300) & (heart != 255))
        .fillna(table.reindex(columns=["pulse_rate_bpm"])["pulse_rate_bpm"])
        .fillna(heart.where((heart == 0) & trusted & ~lives))
    )
    table["breaths_in_contact_per_min"] = breaths.where(
        ((breaths > 0) & (breaths < 70)) | ((breaths == 0) & trusted)
    )
    return table


def _in_kpa(given: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    """Return where a pressure is one in kPa: so low beside a normal rate."""
    systolic, diastolic = given["systolic_mmhg"], given["diastolic_mmhg"]
    rate = given["pulse_rate_bpm"].fillna(given["heart_rate_bpm"])
    low = (systolic > 5) & (systolic < 40) & (rate >= 50) & (rate <= 120)
    return {
        "systolic_mmhg": low,
        "diastolic_mmhg": low & (diastolic > 0) & (diastolic < 25),
    }


def matches(
    table: pd.DataFrame, pattern: Pattern, limits: Limits = ()
) -> set[Expected]:
    """Return every match of ``pattern`` in usable readings.

    Or in what is known of patients (``reference_patients.signals``), where that
    is what it reads. ``limits`` are messages of that topic.
    """
    return {
        Expected(
            pattern=pattern.name,
            severity=str(level.severity),
            phase=found.phase,
            patient=str(name),
            device=str(device),
            started_ms=found.started_ms,
            ended_ms=found.ended_ms,
            limit=None if found.limit is None else float(found.limit),
        )
        for name, patient in table.groupby("patient_id")
        for device, readings in patient.groupby("device_id")
        for level in _levels(pattern)
        for found in _found(patient, readings, level, _of(limits, name))
    }


def _of(limits: Limits, patient: object) -> Limits:
    return [limit for limit in limits if limit["patient_id"] == patient]


def _levels(pattern: Pattern) -> Iterator[Pattern]:
    yield pattern
    if isinstance(pattern, Held):
        for higher in pattern.raised:
            yield replace(
                pattern,
                severity=higher.severity,
                condition=higher.condition or pattern.condition,
                also=higher.also or pattern.also,
                hold_s=higher.hold_s or pattern.hold_s,
                own_limit=None,
            )


def _found(
    patient: pd.DataFrame, readings: pd.DataFrame, pattern: Pattern, limits: Limits
) -> Iterator[Episode]:
    if isinstance(pattern, Silent):
        yield from _silent(readings, pattern)
    elif isinstance(pattern, Burden):
        yield from _burdened(readings, pattern)
    elif isinstance(pattern, Followed):
        yield from _followed(patient, readings, pattern)
    elif pattern.signal == "frozen_signs":
        yield from _held(_frozen(readings), pattern, limits)
    else:
        yield from _held(readings, pattern, limits)


def _frozen(readings: pd.DataFrame) -> pd.DataFrame:
    """Return the first reading of each slot, and how many signs it repeats."""
    slot_ms = readings["ts_ms"] // (SLOT_S * 1000) * (SLOT_S * 1000)
    first = readings.assign(ts_ms=slot_ms).drop_duplicates("ts_ms")
    signs = first.reindex(columns=list(CONTINUOUS))
    repeated = (signs.fillna(-1).diff() == 0).all(axis="columns")
    return first.assign(frozen_signs=signs.notna().sum(axis="columns") * repeated)


def _burdened(readings: pd.DataFrame, pattern: Burden) -> Iterator[Episode]:
    """Go through the readings one by one, as the docstring of ``Burden`` does."""
    if pattern.signal not in readings:
        return
    known = readings[readings[pattern.signal].notna()]
    times, levels = known["ts_ms"].tolist(), known[pattern.signal].tolist()
    complete = list(_complete(times, levels, pattern))
    low = [level < pattern.limit + pattern.decay_most for level in levels]
    run: list[int] = []
    for i in range(len(times)):
        apart = run and times[i] - times[run[-1]] > pattern.gap_s * 1000
        if run and (apart or not low[i]):
            if len(run) > 1 and any(complete[j] for j in run):
                yield Episode("ongoing", times[run[0]], None, pattern.index)
                yield Episode("ended", times[run[0]], times[run[-1]], pattern.index)
            run = []
        if low[i]:
            run.append(i)
    if len(run) > 1 and any(complete[j] for j in run):
        yield Episode("ongoing", times[run[0]], None, pattern.index)


def _complete(times: list[int], levels: list[float], pattern: Burden) -> Iterator[bool]:
    burden, falls = 0, []
    for i, (ts_ms, level) in enumerate(zip(times, levels, strict=True)):
        before = levels[i - 1] if i else math.inf
        calm_from = pattern.limit + pattern.decay_most
        if i and before >= calm_from:
            burden = max(0, burden - round(pattern.decay_most * (ts_ms - times[i - 1])))
        if level < calm_from:
            burden = max(0, burden + round((pattern.limit - level) * 1000))
        if level < pattern.limit <= before:
            falls.append(ts_ms)
        recent = sum(ts_ms - fall <= pattern.within_s * 1000 for fall in falls)
        yield burden >= pattern.index * 1000 or recent >= pattern.violations


def _followed(
    patient: pd.DataFrame, readings: pd.DataFrame, pattern: Followed
) -> Iterator[Episode]:
    met_ms = patient["ts_ms"].to_numpy()[_is_met(patient, pattern.after)]
    for episode in _held(readings, pattern):
        since_ms = episode.started_ms - met_ms
        if ((since_ms >= 0) & (since_ms <= pattern.within_s * 1000)).any():
            yield episode


def _held(
    readings: pd.DataFrame, pattern: Held | Followed, limits: Limits = ()
) -> Iterator[Episode]:
    if pattern.signal not in readings:
        return
    known = readings[readings[pattern.signal].notna()]
    ts_ms = known["ts_ms"].to_numpy()
    bound = _bounds(known, pattern, limits)
    hit = _hits(known, pattern, bound)
    gap = np.diff(ts_ms, prepend=ts_ms[:1]) > pattern.gap_s * 1000
    run = np.cumsum(gap | (np.diff(hit, prepend=False) != 0))
    for number in np.unique(run[hit]):
        in_run = np.flatnonzero(run == number)
        first, last = int(ts_ms[in_run[0]]), int(ts_ms[in_run[-1]])
        ripe = in_run[1:][ts_ms[in_run[1:]] >= first + pattern.hold_s * 1000]
        if len(ripe) and _is_new(ts_ms, hit, in_run[0], pattern):
            yield Episode("ongoing", first, None, bound[ripe[0]])
            if in_run[-1] + 1 < len(ts_ms):
                yield Episode("ended", first, last, bound[ripe[0]])


def _is_new(
    ts_ms: NDArray[np.int64], hit: NDArray[np.bool_], first: int, pattern: Single
) -> bool:
    """Return whether the signal was known and calm for long enough before a run."""
    calm_ms = pattern.calm_before_s * 1000 if isinstance(pattern, Held) else 0
    since_ms = max([ts_ms[0], *ts_ms[:first][hit[:first]][-1:]])
    return bool(ts_ms[first] - since_ms >= calm_ms)


def _bounds(
    known: pd.DataFrame, pattern: Held | Followed, limits: Limits
) -> NDArray[np.float64]:
    """Return the limit that holds at each reading: the patient's own, or the usual."""
    usual = pattern.condition.bound
    bound = np.full(len(known), float(usual))
    allowed = pattern.own_limit if isinstance(pattern, Held) else None
    if allowed is None:
        return bound
    own = [each for each in limits if each["pattern_name"] == pattern.name]
    at_ms = known.get("at_ms", known["ts_ms"]).to_numpy()
    for each in sorted(own, key=lambda each: int(each["ts_ms"])):
        value = each["limit_value"]
        inside = np.clip(usual if value is None else value, *_range(allowed))
        bound[at_ms >= each["ts_ms"]] = inside
    return bound


def _range(allowed: Adjustable) -> tuple[float, float]:
    return min(allowed.tightest, allowed.widest), max(allowed.tightest, allowed.widest)


def _hits(
    known: pd.DataFrame, pattern: Held | Followed, bound: NDArray[np.float64]
) -> NDArray[np.bool_]:
    hit = _meets(known[pattern.signal].to_numpy(), pattern.condition, bound)
    for also in pattern.also if isinstance(pattern, Held) else ():
        mets = also.mets if isinstance(also, AnyOf) else (also,)
        hit &= np.logical_or.reduce([_is_met(known, met) for met in mets])
    return hit & ~_busy(known, pattern.not_during)


def _is_met(readings: pd.DataFrame, met: Met) -> NDArray[np.bool_]:
    """Return for each reading whether it has the signal and meets the condition."""
    if met.signal not in readings:
        return np.zeros(len(readings), dtype=bool)
    bound = np.full(len(readings), met.condition.bound)
    hit = _meets(readings[met.signal].to_numpy(), met.condition, bound)
    return hit & ~_busy(readings, met.not_during)


def _busy(readings: pd.DataFrame, activities: Sequence[str]) -> NDArray[np.bool_]:
    if "activity" not in readings:
        return np.zeros(len(readings), dtype=bool)
    return readings["activity"].isin(activities).to_numpy()


def _meets(
    values: NDArray[np.float64], condition: Condition, bound: NDArray[np.float64]
) -> NDArray[np.bool_]:
    return np.asarray(_COMPARED[type(condition)](values, bound), dtype=bool)


_COMPARED: dict[type[Condition], np.ufunc] = {
    Above: np.greater,
    AtLeast: np.greater_equal,
    AtMost: np.less_equal,
    Below: np.less,
}


def _silent(readings: pd.DataFrame, pattern: Silent) -> Iterator[Episode]:
    slot_ms = SLOT_S * 1000
    heard = np.unique(readings["ts_ms"].to_numpy() // slot_ms) * slot_ms
    for before, after in zip(heard, [*heard[1:], None], strict=True):
        if after is None:
            yield Episode("ongoing", int(before + slot_ms), None, None)
        elif after - before > pattern.slots * slot_ms:
            yield Episode("ongoing", int(before + slot_ms), None, None)
            yield Episode("ended", int(before + slot_ms), int(after), None)


def windows(table: pd.DataFrame, length_s: int) -> pd.DataFrame:
    """Return mean, min, max and count of each sign, by patient and window start."""
    start = (table["ts_ms"] // (length_s * 1000) * (length_s * 1000)).rename("start_ms")
    signs = [sign.name for sign in VITAL_SIGNS if sign.name in table]
    grouped = table.groupby(["patient_id", start])[signs]
    statistics = grouped.agg(["mean", "min", "max", "count"])
    statistics.columns = ["_".join(column) for column in statistics.columns]
    return statistics
