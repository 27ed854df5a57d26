"""A pattern's condition on its signal, as SQL."""

from typing import Final

from cep_patterns.pattern import AtLeast, AtMost, Below, Condition, Held

_OPERATORS: Final[dict[type[Condition], str]] = {
    AtLeast: ">=",
    AtMost: "<=",
    Below: "<",
}


def hit(pattern: Held) -> str:
    """Return the predicate that is true of a reading that meets the condition."""
    operator = _OPERATORS[type(pattern.condition)]
    met = f"{pattern.signal} {operator} {pattern.condition.bound}"
    if not pattern.not_during:
        return f"({met})"
    activities = ", ".join(f"'{activity}'" for activity in pattern.not_during)
    busy = f"{pattern.signal} IS NOT NULL AND activity IN ({activities})"
    return f"(CASE WHEN {busy} THEN FALSE ELSE {met} END)"


def badness(pattern: Held) -> str:
    """Return the signal, signed so that more is worse."""
    return f"CAST({sign(pattern)} * {pattern.signal} AS DOUBLE)"


def sign(pattern: Held) -> int:
    """Return 1 where more is worse, -1 where less is."""
    return 1 if isinstance(pattern.condition, AtLeast) else -1
