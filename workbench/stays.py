"""For how long each patient was watched, and by what: what alarms are divided by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import median
from typing import Final

import orjson

from cep_patterns.pattern import Pattern
from producers.contract import VITAL_SIGNS
from producers.schema import DAY_MS
from workbench.fitness import fits
from workbench.trial import Trial

TIME: Final = "ts_ms"
SIGNS: Final = frozenset(sign.name for sign in VITAL_SIGNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One patient in one recording, from the first reading to the last.

    ``signs_ms`` tells how far apart the values of each vital sign usually are,
    for those of which there is a value at all.
    """

    patient: str
    days: float
    interval_ms: int
    signs_ms: Mapping[str, int]


def stays(trials: Iterable[Trial]) -> list[Stay]:
    """Return a stay for each patient of each recording."""
    return [stay for trial in trials for stay in _stays(trial)]


def _stays(trial: Trial) -> Iterator[Stay]:
    times: dict[str, dict[str, list[int]]] = {}
    for line in trial.lines:
        message = orjson.loads(line.value)
        of_patient = times.setdefault(str(message["patient_id"]), {})
        for name in {TIME} | {
            n for n in SIGNS & message.keys() if _is_known(message, n)
        }:
            of_patient.setdefault(name, []).append(message[TIME])
    for patient, times_ms in times.items():
        all_ms = times_ms.pop(TIME)
        yield Stay(
            patient=patient,
            days=(max(all_ms) - min(all_ms) + trial.interval_ms) / DAY_MS,
            interval_ms=trial.interval_ms,
            signs_ms={
                name: _usual_gap_ms(each, trial.interval_ms)
                for name, each in times_ms.items()
            },
        )


def _is_known(message: Mapping[str, object], name: str) -> bool:
    return message[name] is not None


def _usual_gap_ms(times_ms: Iterable[int], otherwise_ms: int) -> int:
    """Return how far apart times usually are; two devices at once are one time."""
    gaps_ms = [later - ms for ms, later in pairwise(sorted(set(times_ms)))]
    return round(median(gaps_ms)) if gaps_ms else otherwise_ms


def days_tried(pattern: Pattern, watched: Iterable[Stay]) -> float:
    """Return the patient-days on which ``pattern`` could have found something."""
    return sum(stay.days for stay in watched if can_say(pattern, stay))


def can_say(pattern: Pattern, stay: Stay) -> bool:
    """Return whether the signals are there, and often enough for ``pattern``."""
    return fits(pattern, stay.interval_ms) and _signs(pattern) <= stay.signs_ms.keys()


def _signs(pattern: Pattern) -> set[str]:
    """Return the vital signs that ``pattern`` names, whatever its shape."""
    names = (each.name for each in fields(pattern) if each.name.endswith("signal"))
    return {getattr(pattern, name) for name in names} & SIGNS


def apart_ms(pattern: Pattern, stay: Stay) -> int:
    """Return how far apart the values are that ``pattern`` reads in a stay."""
    known = (stay.signs_ms.get(name, 0) for name in _signs(pattern))
    return max([stay.interval_ms, *known])
