"""What ``score_patients`` should say, worked out one patient and slot at a time.

Written from the docstrings and independently of the SQL: no stream, no packing,
and each response clock is a variable that is set and unset.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scores.catalogue import RATIOS, SCORES
from scores.chart import Ratio, Score
from scores.evaluation import Reading, evaluate, evaluate_ratio
from scores.result import RatioResult, Result
from scores.rounding import steps
from tests.streams import Message

SLOT_MS = 10_000
NOT_OBSERVED = {"ts_ms", "patient_id", "device_id", "seq", "activity"}

Clocks = dict[tuple[str, int], int]
"""Score and rank of a risk to when the patient reached it."""

WORSE = {"A": 0, "C": 1, "V": 2, "P": 3, "U": 4}


APART = {
    "spo2_pct": 4,
    "heart_rate_bpm": 10,
    "respiratory_rate_per_min": 5,
    "systolic_mmhg": 15,
    "temperature_c": 1,
}
MIDDLE = {
    "spo2_pct": 100,
    "heart_rate_bpm": 70.5,
    "respiratory_rate_per_min": 16,
    "systolic_mmhg": 165,
    "temperature_c": 37,
}
LATEST_ONLY = {"pulse_rate_bpm", "diastolic_mmhg"}


class Latest(NamedTuple):
    """The latest value of a column, and when it was true."""

    ts_ms: int
    order: float
    value: object


def messages(stream: Sequence[Message]) -> list[Message]:
    """Return every message about ``stream``, in which nothing comes late."""
    patients = defaultdict(list)
    for reading in stream:
        patients[str(reading["patient_id"])].append(reading)
    said = [m for name, own in patients.items() for m in _of_patient(name, own)]
    return sorted(said, key=lambda m: (m["ts_ms"], m["patient_id"], m["score_name"]))


def _of_patient(name: str, stream: Sequence[Message]) -> Iterator[Message]:
    latest: dict[str, Latest] = {}
    clocks: Clocks = {}
    before: tuple[int, object] | None = None
    for end_ms, slot in _slots(stream):
        _take_in(latest, slot)
        readings = {
            column: Reading(known.value, (end_ms - known.ts_ms) / 1000)  # type: ignore[arg-type]
            for column, known in latest.items()
        }
        results = [evaluate(score, readings) for score in SCORES]
        ratios = [evaluate_ratio(ratio, readings) for ratio in RATIOS]
        for score, result in zip(SCORES, results, strict=True):
            _wind(clocks, score, result, end_ms)
        now = (end_ms - SLOT_MS) // 60_000, _possible(results, ratios)
        if now != before:
            own = {"patient_id": name, "ts_ms": end_ms}
            for score, result in zip(SCORES, results, strict=True):
                yield own | _said(result) | _deadline(clocks, score)
            for ratio, quotient in zip(RATIOS, ratios, strict=True):
                yield own | _said_of_ratio(ratio, quotient, readings)
        before = now


def _slots(stream: Sequence[Message]) -> list[tuple[int, list[Message]]]:
    slots = defaultdict(list)
    for reading in stream:
        slots[int(str(reading["ts_ms"])) // SLOT_MS * SLOT_MS + SLOT_MS].append(reading)
    return sorted(slots.items())


def _take_in(latest: dict[str, Latest], slot: list[Message]) -> None:
    """Let each column of ``slot`` replace what was known of it before."""
    said: dict[str, dict[object, Latest]] = defaultdict(dict)
    for reading in slot:
        for column in reading.keys() - NOT_OBSERVED:
            value = reading[column]
            order = WORSE[value] if isinstance(value, str) else float(str(value + 0))  # type: ignore[operator]
            new = Latest(int(str(reading["ts_ms"])), order, value)
            device = said[column].get(reading["device_id"])
            if device is None or new[:2] > device[:2]:
                said[column][reading["device_id"]] = new
    for column, devices in said.items():
        latest[column] = _of_all(column, list(devices.values()))


def _of_all(column: str, devices: list[Latest]) -> Latest:
    """Return what the devices of a patient say together."""
    last = max(devices, key=lambda each: each[:2])
    if column in LATEST_ONLY:
        return last
    least, worst = (f(devices, key=lambda each: each.order) for f in (min, max))
    if column not in APART:
        return worst._replace(ts_ms=last.ts_ms)
    decimals = int(column == "temperature_c")
    apart = steps(worst.order, decimals) - steps(least.order, decimals)
    if apart > APART[column] * 10**decimals:
        return Latest(last.ts_ms, 0, None)
    middle = MIDDLE[column] * 10**decimals
    above, below = (
        abs(steps(each.order, decimals) - middle) for each in (worst, least)
    )
    return (worst if above > below else least)._replace(ts_ms=last.ts_ms)


def _wind(clocks: Clocks, score: Score, result: Result, end_ms: int) -> None:
    least = score.risks.index(result.risk_at_least)
    most = score.risks.index(result.risk_at_most)
    for rank in range(len(score.risks)):
        if least >= rank:
            clocks.setdefault((score.name, rank), end_ms)
        elif most < rank:
            clocks.pop((score.name, rank), None)


def _deadline(clocks: Clocks, score: Score) -> Message:
    ends = [
        clocks[score.name, rank] + risk.within_min * 60_000
        for rank, risk in enumerate(score.risks)
        if risk.within_min is not None and (score.name, rank) in clocks
    ]
    return {"respond_by_ms": min(ends)} if ends else {}


def _possible(results: list[Result], ratios: list[RatioResult]) -> object:
    points = [(p.lowest, p.highest) for result in results for p in result.parts]
    return points, [ratio.marked for ratio in ratios]


def _said(result: Result) -> Message:
    known, of_parts = result.completeness
    said = {
        "score_name": result.name,
        "score_version": result.version,
        "total": result.total,
        "lowest": result.lowest,
        "highest": result.highest,
        "known_parts": known,
        "of_parts": of_parts,
        "missing": ", ".join(result.missing) or None,
        "risk": result.risk and result.risk.name,
        "risk_at_least": result.risk_at_least.name,
        "risk_at_most": result.risk_at_most.name,
        "response": result.risk_at_least.response,
        "parts": {
            part.name: _given(
                {"lowest": part.lowest, "highest": part.highest, "age_s": part.age_s}
            )
            for part in result.parts
        },
    }
    return _given(said)


def _said_of_ratio(
    ratio: Ratio, result: RatioResult, readings: Mapping[str, Reading]
) -> Message:
    """Return the message; which input is missing is asked of the inputs alone."""
    ages = {
        ratio.over.column: result.over_age_s,
        ratio.under.column: result.under_age_s,
    }
    missing = [
        read.column
        for read, least in ((ratio.over, 0.0), (ratio.under, 0.5))
        if not _counts(readings.get(read.column), read.max_age_s, least)
    ]
    said = {
        "score_name": result.name,
        "score_version": result.version,
        "ratio": result.ratio,
        "marked": result.marked,
        "known_parts": 2 - len(missing),
        "of_parts": 2,
        "missing": ", ".join(missing) or None,
        "parts": {name: _given({"age_s": age}) for name, age in ages.items()},
    }
    return _given(said)


def _counts(reading: Reading | None, max_age_s: int, least: float) -> bool:
    if reading is None or reading.age_s is None or reading.age_s > max_age_s:
        return False
    return reading.value is not None and float(str(reading.value)) >= least


def _given(row: Message) -> Message:
    return {name: value for name, value in row.items() if value is not None}
