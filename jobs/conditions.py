"""A pattern's condition on its signal, as SQL."""

from collections.abc import Iterable, Iterator
from typing import Final

from cep_patterns.pattern import (
    Above,
    Adjustable,
    Also,
    AnyOf,
    AtLeast,
    AtMost,
    Below,
    Burden,
    Condition,
    Held,
    Met,
    Rule,
)

_OPERATORS: Final[dict[type[Condition], str]] = {
    Above: ">",
    AtLeast: ">=",
    AtMost: "<=",
    Below: "<",
}


def hit(rule: Rule) -> str:
    """Return the predicate that is true of a reading that meets the conditions.

    It is null where the signal is missing. Where patients may have limits of
    their own, it is true of whatever the tightest of them would find.
    """
    met = _all_met(rule)
    if not rule.not_during:
        return f"({met})"
    # The activity is asked last: most readings are calm, and comparing texts is slow.
    activities = ", ".join(f"'{activity}'" for activity in rule.not_during)
    idle = f"COALESCE(activity, '') NOT IN ({activities})"
    return f"({met} AND ({rule.signal} IS NULL OR {idle}))"


def also(rule: Rule) -> tuple[Also, ...]:
    """Return the further conditions that must be met at the same time."""
    return rule.also if isinstance(rule, Held) else ()


def signals(rules: Iterable[Rule]) -> set[str]:
    """Return every signal that ``rules`` read."""
    return {each.signal for rule in rules for each in (rule, *mets(rule))}


def mets(rule: Rule) -> Iterator[Met]:
    """Yield each of the further conditions, also those of which one is enough."""
    for each in also(rule):
        yield from each.mets if isinstance(each, AnyOf) else (each,)


def own_limit(rule: Rule | Burden) -> Adjustable | None:
    """Return how far a patient's own limit may go, if he may have one."""
    return rule.own_limit if isinstance(rule, Held) else None


def badness(rule: Rule) -> str:
    """Return the signal, signed so that more is worse."""
    return f"CAST({sign(rule)} * {rule.signal} AS DOUBLE)"


def sign(rule: Rule | Burden) -> int:
    """Return 1 where more is worse, -1 where less is."""
    less = not isinstance(rule, Burden) and isinstance(rule.condition, AtMost | Below)
    return -1 if less else 1


def excludes_its_bound(rule: Rule | Burden) -> bool:
    """Return whether a value at the bound is still fine."""
    return isinstance(rule.condition, Above | Below)


def _all_met(rule: Rule) -> str:
    met = " AND ".join([bare(rule), *map(_surely_met, also(rule))])
    return f"CASE WHEN {rule.signal} IS NOT NULL THEN {met} END" if also(rule) else met


def _surely_met(met: Also) -> str:
    if isinstance(met, AnyOf):
        return f"({' OR '.join(map(_surely_met, met.mets))})"
    return f"COALESCE({hit(met)}, FALSE)"


def bare(rule: Rule) -> str:
    """Return the condition on the signal alone: where it is false, there is no hit."""
    condition, allowed = rule.condition, own_limit(rule)
    bound = allowed.tightest if allowed else condition.bound
    return f"{rule.signal} {_OPERATORS[type(condition)]} {bound}"
