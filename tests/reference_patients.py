"""What is known of each patient, what scores say of it, and its trends, with pandas.

Written from the docstrings and independently of the SQL: last values are joined
in time, points are those of ``scores.evaluate``, and nothing is packed.
"""

import math
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from cep_patterns.pattern import Held, Pattern
from scores import inputs, news2, shock_index, sirs
from scores.catalogue import SCORES
from scores.chart import Input
from scores.evaluation import Reading, Value, evaluate, evaluate_ratio
from scores.result import RatioResult, Result
from scores.rounding import steps
from tests import reference
from tests.streams import Message

SLOT_MS = 10_000
HOUR_MS = 3_600_000
WORSE = {"A": 0, "C": 1, "V": 2, "P": 3, "U": 4}
WATCHED = (inputs.HEART_RATE, inputs.RESPIRATORY_RATE, inputs.SPO2)
NUMBERS = (
    *WATCHED,
    inputs.SYSTOLIC,
    inputs.TEMPERATURE,
    Input(column="pulse_rate_bpm", max_age_s=300),
)
WORDS = (
    inputs.ON_OXYGEN,
    inputs.CONSCIOUSNESS,
    Input(column="activity", max_age_s=60),
)

Row = dict[str, object]
Usual = Mapping[tuple[str, int], Sequence[tuple[float, ...]]]
"""Patient and hour to what was learned: when, median and spread."""


class Known(NamedTuple):
    """A slot of a patient, and what the scores say at its end."""

    patient: str
    ts_ms: int
    readings: dict[str, Reading]
    results: tuple[Result, ...]
    ratio: RatioResult

    @property
    def minute(self) -> int:
        """The minute of the clock that the slot lies in."""
        return (self.ts_ms - SLOT_MS) // 60_000

    @property
    def points(self) -> object:
        """What may not change without a word."""
        parts = [(p.lowest, p.highest) for r in self.results for p in r.parts]
        return parts, self.ratio.marked


def spoken(readings: pd.DataFrame) -> list[Known]:
    """Return of the slots with usable ``readings`` those that something is said of."""
    said, before = [], None
    for slot in _known(_slots(readings)):
        same = before is not None and before.patient == slot.patient
        if not (same and _as(slot) == _as(before)):
            said.append(slot)
        before = slot
    return said


def _as(slot: Known | None) -> object:
    return slot and (slot.minute, slot.points)


def _slots(readings: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each patient and slot: the latest values, and when they were."""
    ends = pd.DataFrame(
        {
            "patient_id": readings["patient_id"],
            "ts_ms": (readings["ts_ms"] // SLOT_MS + 1) * SLOT_MS,
        }
    )
    slots = ends.drop_duplicates().sort_values("ts_ms", kind="stable")
    for read in (*NUMBERS, *WORDS):
        if read.column in readings:
            slots = _with_latest(slots, readings, read.column)
    return slots.sort_values(["patient_id", "ts_ms"])


def _with_latest(
    slots: pd.DataFrame, readings: pd.DataFrame, column: str
) -> pd.DataFrame:
    """Return ``slots`` with the latest of ``column``; of two at once, the worse."""
    seen = readings[["patient_id", "ts_ms", column]].dropna(subset=[column])
    seen = seen.assign(
        order=seen[column].replace(WORSE).infer_objects(),
        **{f"{column}_ms": seen["ts_ms"]},
    )
    return pd.merge_asof(
        slots,
        seen.sort_values(["ts_ms", "order"]).drop(columns="order"),
        on="ts_ms",
        by="patient_id",
        allow_exact_matches=False,
    )


def _known(slots: pd.DataFrame) -> Iterator[Known]:
    for row in slots.to_dict("records"):
        known = {
            read.column: _reading(row, read.column)
            for read in (*NUMBERS, *WORDS)
            if pd.notna(row.get(read.column))
        }
        yield Known(
            str(row["patient_id"]),
            int(row["ts_ms"]),
            known,
            tuple(evaluate(score, known) for score in SCORES),
            evaluate_ratio(shock_index.SCORE, known),
        )


def _reading(row: Mapping[Hashable, Any], column: str) -> Reading:
    return Reading(row[column], (row["ts_ms"] - row[f"{column}_ms"]) / 1000)


def matches(
    readings: pd.DataFrame,
    patterns: Iterable[Pattern],
    baselines: Sequence[Message] = (),
) -> set[reference.Expected]:
    """Return every match of ``patterns``, of usable readings and of patients."""
    known = signals(spoken(readings), baselines)
    return {
        match
        for pattern in patterns
        for match in reference.matches(
            known if reads_patients(pattern, known) else readings, pattern
        )
    }


def reads_patients(pattern: Pattern, known: Container[str]) -> bool:
    """Return whether ``pattern`` reads a signal of those ``known`` of patients."""
    return isinstance(pattern, Held) and pattern.signal in known


def scores(said: Iterable[Known]) -> list[dict[str, Any]]:
    """Return what is certain of each score, in the order of the topic ``scores``."""
    rows: list[dict[str, Any]] = [
        {
            "patient_id": each.patient,
            "ts_ms": each.ts_ms,
            "score_name": result.name,
            "total": result.total,
            "lowest": result.lowest,
            "highest": result.highest,
            "risk": result.risk and result.risk.name,
        }
        for each in said
        for result in each.results
    ]
    return sorted(rows, key=lambda r: (r["ts_ms"], r["patient_id"], r["score_name"]))


def signals(said: Iterable[Known], baselines: Sequence[Message] = ()) -> pd.DataFrame:
    """Return a row for each slot that is spoken of, as readings of one device."""
    usual = _usual(baselines)
    table = pd.DataFrame([_signals(each, usual) for each in said])
    by_patient = table.groupby("patient_id", sort=False)
    for name, best_of in (("news2", "news2_at_most"), ("awake", "awake")):
        table[f"{name}_before"] = [
            lowest
            for _, rows in by_patient
            for lowest in _lowest_of_an_hour(rows["ts_ms"], rows[best_of])
        ]
    table["news2_rise_1h"] = table["news2_at_least"] - table["news2_before"]
    table["consciousness_fall_1h"] = table["awake"] - table["awake_before"]
    return table


def _lowest_of_an_hour(ts_ms: pd.Series, values: pd.Series) -> Iterator[float]:
    """Yield the lowest value of the hour up to each, both ends included."""
    for now in ts_ms:
        yield values[(ts_ms >= now - HOUR_MS) & (ts_ms <= now)].min()


def _signals(each: Known, usual: Usual) -> Row:
    named = {result.name: result for result in each.results}
    chart, criteria = named[news2.SCALE_1.name], named[sirs.SCORE.name]
    known = {f"known_{read.column}": _charted(each, read) for read in NUMBERS}
    rate, pulse = (known[f"known_{n}_rate_bpm"] for n in ("heart", "pulse"))
    awake = _fresh(each, inputs.CONSCIOUSNESS)
    return {
        "patient_id": each.patient,
        "device_id": "all",
        "ts_ms": each.ts_ms,
        "at_ms": each.ts_ms - 1,
        "activity": _fresh(each, WORDS[-1]),
        **known,
        "pulse_deficit_bpm": rate - pulse,
        "shock_index": math.nan if each.ratio.ratio is None else each.ratio.ratio,
        "news2_at_least": chart.lowest,
        "news2_at_most": chart.highest,
        "news2_reddest_part": max(part.lowest for part in chart.parts),
        "sirs_at_least": criteria.lowest,
        "inputs_lost": sum(_is_lost(each, read) for read in WATCHED),
        "heart_rate_deviation": _deviation(each, rate, usual),
        "signs_disputed": 0,  # nobody recorded has two devices
        "awake": math.nan if awake is None else WORSE[str(awake)],
    }


def _fresh(each: Known, read: Input) -> Value | None:
    value, age_s = each.readings.get(read.column, Reading())
    return value if age_s is not None and age_s <= read.max_age_s else None


def _charted(each: Known, read: Input) -> float:
    value = _fresh(each, read)
    if value is None:
        return math.nan
    return steps(value, read.decimals) / float(10**read.decimals)


def _is_lost(each: Known, read: Input) -> bool:
    age_s = each.readings.get(read.column, Reading()).age_s
    return age_s is not None and 60 < age_s <= 3600


def _deviation(each: Known, rate: float, usual: Usual) -> float:
    key = each.patient, each.ts_ms // HOUR_MS % 24
    learned = [known for known in usual.get(key, ()) if known[0] < each.ts_ms]
    if not learned:
        return math.nan
    _, median, spread = max(learned)
    return abs(rate - median) / max(spread, 3.0)


def _usual(baselines: Sequence[Message]) -> Usual:
    usual = defaultdict(list)
    for each in baselines:
        if each["sign_name"] == "heart_rate_bpm":
            key = str(each["patient_id"]), int(str(each["hour_of_day"]))
            names = ("learned_ms", "median", "spread")
            usual[key].append(tuple(float(str(each[name])) for name in names))
    return usual
