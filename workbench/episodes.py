"""From matches, said twice, to episodes, shown once."""

from collections.abc import Iterable, Sequence
from typing import Final

from cep_patterns.pattern import Pattern
from workbench.fitness import fits
from workbench.trial import Trial

Match = dict[str, object]


def episodes(
    matches: Iterable[Match], patterns: Sequence[Pattern], trials: Sequence[Trial]
) -> list[Match]:
    """Return one match an episode, in order of time: its last word on everything.

    Left out is what a recording cannot know: that a device fell silent when it
    is the recording that ended (for each recording on its own: one that ends
    before the others is no silent sensor), and patterns that do not fit how
    often a recording has readings.
    """
    last_ms = {p: trial.last_ms for trial in trials for p in trial.patients}
    known = _known(patterns, trials)
    told: dict[object, Match] = {}
    for match in sorted(matches, key=lambda each: _PHASES.index(str(each["phase"]))):
        patient = str(match["patient_id"])
        within = int(str(match["ts_ms"])) <= last_ms.get(patient, 0)
        if within and (patient, match["pattern_name"]) in known:
            told[match["match_id"]] = joined(told.get(match["match_id"], {}), match)
    return sorted(told.values(), key=_order)


def joined(earlier: Match, later: Match) -> Match:
    """Return ``later`` with what only ``earlier`` knew of the same episode."""
    said = {name: value for name, value in later.items() if value is not None}
    return later | earlier | said


_PHASES: Final = ("ongoing", "ended")


def _known(
    patterns: Sequence[Pattern], trials: Sequence[Trial]
) -> set[tuple[str, object]]:
    return {
        (patient, pattern.name)
        for trial in trials
        for pattern in patterns
        if fits(pattern, trial.interval_ms)
        for patient in trial.patients
    }


def _order(match: Match) -> tuple[int, str, str]:
    started_ms = int(str(match["started_ms"]))
    return started_ms, str(match["patient_id"]), str(match["pattern_name"])
