"""How many alarms there were, of which pattern and of whom: counting, no Flink."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cep_patterns.pattern import Pattern, Severity
from workbench.burden_variants import Change, Variant, as_it_is
from workbench.episodes import Match
from workbench.stays import Stay, days_tried

BRIEF_S: Final = 30
TENTH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One alarm; ``ended_ms`` is None where it outlasts the recording."""

    pattern: str
    patient: str
    started_ms: int
    found_ms: int
    ended_ms: int | None

    @property
    def is_brief(self) -> bool:
        """Whether it was over before anybody could have come."""
        if self.ended_ms is None:
            return False
        return self.ended_ms - self.found_ms < BRIEF_S * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The alarms of one kind, and on how many patient-days they could have come."""

    name: str
    severity: str
    alarms: int
    patients: int
    brief: int
    ongoing: int
    days: float
    per_day: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one patient had; ``mostly`` is his commonest pattern."""

    patient: str
    alarms: int
    days: float
    mostly: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What another hold or limit would have made of it."""

    change: str
    value: str
    alarms: int
    per_day: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A pattern beside its neighbours."""

    name: str
    now: str
    alarms: int
    per_day: float | None
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """All that is known of the alarms in some recordings, busiest patients first."""

    patients: int
    days: float
    days_tried: float
    alarms: int
    brief_s: int
    by_pattern: tuple[Rate, ...]
    by_severity: tuple[Rate, ...]
    top_tenth: int
    top_tenth_share: float | None
    loads: tuple[Load, ...]
    what_if: tuple[Question, ...]


def episode(match: Match, found_ms: Mapping[object, object]) -> Episode:
    """Return a match, joined from all that was said of it, as an episode."""
    ended_ms = match["ended_ms"]
    found = found_ms.get(match["match_id"], match["ts_ms"])
    return Episode(
        pattern=str(match["pattern_name"]),
        patient=str(match["patient_id"]),
        started_ms=int(str(match["started_ms"])),
        found_ms=int(str(found)),
        ended_ms=None if ended_ms is None else int(str(ended_ms)),
    )


def burden(
    patterns: Sequence[Pattern],
    watched: Sequence[Stay],
    found: Sequence[Episode],
    neighbours: Sequence[Variant] = (),
) -> Burden:
    """Return what ``found`` was for the patients who were watched.

    ``found`` are the episodes of ``patterns`` and of their ``neighbours``.
    """
    names = {pattern.name for pattern in patterns}
    of_patterns = [each for each in found if each.pattern in names]
    loads = _loads(watched, of_patterns)
    top = -(-len(loads) // TENTH)
    tried = [s for s in watched if any(days_tried(p, [s]) for p in patterns)]
    return Burden(
        patients=len(loads),
        days=sum(stay.days for stay in watched),
        days_tried=sum(stay.days for stay in tried),
        alarms=len(of_patterns),
        brief_s=BRIEF_S,
        by_pattern=tuple(_of_pattern(p, watched, of_patterns) for p in patterns),
        by_severity=_by_severity(patterns, tried, of_patterns),
        top_tenth=top,
        top_tenth_share=_ratio(
            sum(load.alarms for load in loads[:top]), len(of_patterns)
        ),
        loads=tuple(loads),
        what_if=_what_if(patterns, watched, found, neighbours),
    )


def _of_pattern(
    pattern: Pattern, watched: Sequence[Stay], found: Iterable[Episode]
) -> Rate:
    mine = [each for each in found if each.pattern == pattern.name]
    days = days_tried(pattern, watched)
    return _rate(pattern.name, pattern.severity, mine, days)


def _by_severity(
    patterns: Iterable[Pattern], tried: Sequence[Stay], found: Sequence[Episode]
) -> tuple[Rate, ...]:
    severity = {pattern.name: pattern.severity for pattern in patterns}
    days = sum(stay.days for stay in tried)
    return tuple(
        _rate(each, each, [e for e in found if severity[e.pattern] == each], days)
        for each in reversed(Severity)
    )


def _rate(name: str, severity: str, mine: Sequence[Episode], days: float) -> Rate:
    return Rate(
        name=name,
        severity=severity,
        alarms=len(mine),
        patients=len({each.patient for each in mine}),
        brief=sum(each.is_brief for each in mine),
        ongoing=sum(each.ended_ms is None for each in mine),
        days=days,
        per_day=_ratio(len(mine), days),
    )


def _loads(watched: Iterable[Stay], found: Iterable[Episode]) -> list[Load]:
    days: dict[str, float] = {}
    for stay in watched:
        days[stay.patient] = days.get(stay.patient, 0) + stay.days
    patterns: dict[str, Counter[str]] = {patient: Counter() for patient in days}
    for each in found:
        patterns[each.patient][each.pattern] += 1
    loads = [_load(patient, days[patient], patterns[patient]) for patient in days]
    return sorted(loads, key=lambda load: (-load.alarms, load.patient))


def _load(patient: str, days: float, patterns: Counter[str]) -> Load:
    mostly = max(patterns, key=lambda name: (patterns[name], name), default="")
    return Load(patient=patient, alarms=patterns.total(), days=days, mostly=mostly)


def _what_if(
    patterns: Iterable[Pattern],
    watched: Sequence[Stay],
    found: Iterable[Episode],
    neighbours: Sequence[Variant],
) -> tuple[Question, ...]:
    alarms = Counter(each.pattern for each in found)
    asked: dict[str, list[Variant]] = {}
    for variant in neighbours:
        asked.setdefault(variant.of, []).append(variant)
    return tuple(
        _question(pattern, days_tried(pattern, watched), asked[pattern.name], alarms)
        for pattern in patterns
        if pattern.name in asked
    )


def _question(
    pattern: Pattern, days: float, asked: Iterable[Variant], alarms: Counter[str]
) -> Question:
    return Question(
        name=pattern.name,
        now=as_it_is(pattern),
        alarms=alarms[pattern.name],
        per_day=_ratio(alarms[pattern.name], days),
        neighbours=tuple(
            Neighbour(
                change=each.change,
                value=each.value,
                alarms=alarms[each.pattern.name],
                per_day=_ratio(alarms[each.pattern.name], days),
            )
            for each in sorted(asked, key=lambda each: list(Change).index(each.change))
        ),
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
