"""Which patterns can say anything about readings that come so far apart."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from cep_patterns.pattern import SLOT_S, Held, Pattern, Silent
from jobs.device_signals import DEVICE_SIGNALS
from jobs.eeg_signals import EEG_SIGNALS
from workbench.trial import Trial


def fits(pattern: Pattern, interval_ms: int) -> bool:
    """Return whether ``pattern`` means anything at a reading every ``interval_ms``.

    A held run is cut by more than its gap without a reading, so readings
    further apart never make a run; and where every pause is as long as a
    silence, a silence means nothing. Recordings hold vital signs alone.
    """
    return (
        reads_vital_signs(pattern) and interval_ms <= _longest_pause_s(pattern) * 1000
    )


def reads_vital_signs(pattern: Pattern) -> bool:
    """Return whether ``pattern`` reads neither EEG nor what devices say."""
    if not isinstance(pattern, Held):
        return True
    return pattern.signal not in EEG_SIGNALS and pattern.signal not in DEVICE_SIGNALS


def fitting(patterns: Iterable[Pattern], trial: Trial) -> list[Pattern]:
    """Return those of ``patterns`` that can be tried on a recording."""
    return [pattern for pattern in patterns if fits(pattern, trial.interval_ms)]


def notes(patterns: Sequence[Pattern], trials: Sequence[Trial]) -> list[str]:
    """Return a line for each interval at which some patterns cannot be tried."""
    tried = [pattern for pattern in patterns if reads_vital_signs(pattern)]
    if not tried:
        return ["not tried: these recordings hold vital signs, and it reads none"]
    intervals = sorted({trial.interval_ms for trial in trials})
    found = []
    for interval_ms in intervals:
        left_out = [p for p in tried if not fits(p, interval_ms)]
        if left_out:
            count = sum(1 for trial in trials if trial.interval_ms == interval_ms)
            found.append(_note(left_out, interval_ms, f"{count} of {len(trials)}"))
    return found


def _note(left_out: Sequence[Pattern], interval_ms: int, share: str) -> str:
    names: dict[str, list[str]] = {}
    for pattern in left_out:
        names.setdefault(_reason(pattern), []).append(pattern.name)
    why = "; ".join(f"{', '.join(each)}: {reason}" for reason, each in names.items())
    apart = timedelta(milliseconds=interval_ms)
    return f"not tried in {share} recordings, a reading every {apart} there: {why}"


def _reason(pattern: Pattern) -> str:
    longest_s = _longest_pause_s(pattern)
    if not isinstance(pattern, Silent):
        return f"cannot match, more than {longest_s} s without a reading ends a run"
    return f"would match always, {longest_s} s without a reading are a silence"


def _longest_pause_s(pattern: Pattern) -> int:
    if isinstance(pattern, Silent):
        return SLOT_S * pattern.slots
    return pattern.gap_s
