"""Write the page that lists every pattern: ``python -m workbench.pattern_list``.

A line says what the pattern's own file says: the first sentence of its docstring, and
its numbers. A test compares the committed page with what would be written now.
"""

import importlib
import logging
from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import Final

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import (
    SLOT_S,
    Above,
    Also,
    AnyOf,
    AtLeast,
    AtMost,
    Below,
    Burden,
    Condition,
    Followed,
    Held,
    Kind,
    Pattern,
    Raised,
    Silent,
)
from jobs.parts import parts
from stack.environment import ROOT

logger = logging.getLogger(__name__)

PAGE: Final = ROOT / "docs/catalogue.md"
OPENING: Final = """\
# Every pattern

For whoever wants to know exactly what Vigil looks for: each pattern of the catalogue,
by the job that finds it. `python -m workbench.pattern_list` writes this page from the
patterns themselves; do not edit it. How patterns work, and how one is added, is in
[patterns.md](patterns.md).

- *Condition*: what is true of every reading of an episode. A second severity is that of
  a graver form of the same pattern.
- *Holds for*: how long that must last before the pattern is found.
- *Own limit*: how far a single patient's limit may go, from tightest to widest.

The reason, the exceptions and the source of each are in its file.
"""
HEADING: Final = """\
| pattern | severity | what it is | condition | holds for | own limit |
|---|---|---|---|---|---|
"""
SIGNS: Final[dict[type[Condition], str]] = {
    AtLeast: "≥",
    AtMost: "≤",
    Below: "<",
    Above: ">",
}
UNITS: Final = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def page(patterns: Sequence[Pattern]) -> str:
    """Return the page that lists ``patterns``, a table a job."""
    by_job: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        by_job.setdefault(job(pattern), []).append(pattern)
    return "\n".join([OPENING, *(_table(*each) for each in by_job.items())])


def job(pattern: Pattern) -> str:
    """Return the job that finds ``pattern``, which depends on what it reads."""
    of = parts([pattern])
    elsewhere = (
        (of.of_patients, "score_patients"),
        (of.of_eeg, "score_eeg"),
        (of.of_devices, "watch_devices"),
    )
    return next((name for found, name in elsewhere if found), "detect_patterns")


def _table(name: str, patterns: Sequence[Pattern]) -> str:
    return f"## Found by `{name}`\n\n{HEADING}" + "".join(map(_row, patterns))


def _row(pattern: Pattern) -> str:
    cells = (
        f"[`{pattern.name}`](../cep_patterns/{pattern.name}.py)",
        severity(pattern),
        summary(pattern),
        condition(pattern),
        holds_for(pattern),
        _own_limit(pattern),
    )
    return f"| {' | '.join(cells)} |\n"


def severity(pattern: Pattern) -> str:
    """Return the severity of each level, and whether it is about equipment."""
    raised = pattern.raised if isinstance(pattern, Held) else ()
    said = " or ".join([pattern.severity, *(higher.severity for higher in raised)])
    return f"{said}, technical" if pattern.kind is Kind.TECHNICAL else said


def summary(pattern: Pattern) -> str:
    """Return the first sentence of the pattern's file, without its name."""
    doc = importlib.import_module(f"cep_patterns.{pattern.name}").__doc__ or ""
    sentence = " ".join(doc.split("\n\n")[0].split())
    return sentence.partition(": ")[2].removesuffix(".")


@singledispatch
def condition(pattern: Pattern) -> str:
    """Return what is true of each reading of an episode."""
    raise NotImplementedError(pattern)


@condition.register
def _(pattern: Held) -> str:
    own = [_met(pattern.signal, pattern.condition), *map(_also, pattern.also)]
    words = [" and ".join(own)]
    if pattern.calm_before_s:
        words.append(f"after {length(pattern.calm_before_s)} without")
    if pattern.not_during:
        words.append(f"not during {', '.join(pattern.not_during)}")
    words += [_raised(pattern, higher) for higher in pattern.raised]
    return "; ".join(words)


@condition.register
def _(pattern: Followed) -> str:
    after = _met(pattern.after.signal, pattern.after.condition)
    own = _met(pattern.signal, pattern.condition)
    return f"{own}, begun within {length(pattern.within_s)} of {after}"


@condition.register
def _(pattern: Burden) -> str:
    often = f"{pattern.violations} falls in {length(pattern.within_s)}"
    below = _met(pattern.signal, Below(pattern.limit))
    return f"{pattern.index:g} point-seconds of {below}, or {often}"


@condition.register
def _(_: Silent) -> str:
    return "no reading of the device"


def _raised(pattern: Held, higher: Raised) -> str:
    bound = higher.condition
    own = [_met(pattern.signal, bound)] if bound else []
    mets = " and ".join([*own, *map(_also, higher.also)])
    held = f"for {length(higher.hold_s)}" if higher.hold_s else ""
    return f"{higher.severity}: {' '.join(filter(None, (mets, held)))}"


def _also(also: Also) -> str:
    if isinstance(also, AnyOf):
        return " or ".join(map(_also, also.mets))
    return _met(also.signal, also.condition)


def _met(signal: str, bound: Condition) -> str:
    return f"`{signal}` {SIGNS[type(bound)]} {bound.bound:g}"


def holds_for(pattern: Pattern) -> str:
    """Return how long the condition must last."""
    if isinstance(pattern, Silent):
        return length(pattern.slots * SLOT_S)
    return "" if isinstance(pattern, Burden) else length(pattern.hold_s)


def length(seconds: int) -> str:
    """Return ``seconds`` in the largest unit that leaves no rest."""
    name, unit = next(each for each in UNITS if seconds % each[1] == 0)
    return f"{seconds // unit} {name}"


def _own_limit(pattern: Pattern) -> str:
    own = pattern.own_limit if isinstance(pattern, Held) else None
    return f"{own.tightest:g} to {own.widest:g}" if own else ""


def main(target: Path = PAGE) -> None:
    """Write the page."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    target.write_text(page(CATALOGUE), encoding="utf-8")
    logger.info("wrote %s", target)


if __name__ == "__main__":
    main()
