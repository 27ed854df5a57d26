"""Every Flux query of a board, as Grafana would send it.

A board is taken as the JSON that is committed, so that what is run is what a
person's Grafana runs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

Json = Mapping[str, Any]

_AS_REGEX: Final = re.compile(r"\$\{(\w+):regex\}")
_MEANS_SOMETHING: Final = re.compile(r"[\\^$*+?.()|[\]{}/]")
"""What Grafana puts a backslash before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query: where it stands, what it asks, and the names it must return."""

    where: str
    flux: str
    refers_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a person is looking at: a time range, a resolution, the variables."""

    start: datetime
    stop: datetime
    window: timedelta
    variables: Mapping[str, str]

    def fill_in(self, flux: str) -> str:
        """Return ``flux`` with Grafana's macros and the board's variables replaced."""
        for macro, text in (
            ("v.timeRangeStart", _utc(self.start)),
            ("v.timeRangeStop", _utc(self.stop)),
            ("v.windowPeriod", f"{round(self.window.total_seconds() * 1000)}ms"),
        ):
            flux = flux.replace(macro, text)
        return _AS_REGEX.sub(lambda found: escaped(self.variables[found[1]]), flux)


def escaped(text: str) -> str:
    """Return ``text`` as a regular expression of itself, as Grafana writes it."""
    return _MEANS_SOMETHING.sub(r"\\\g<0>", text)


def queries(board: Json) -> Iterator[Query]:
    """Return the queries of panels, variables and annotations of ``board``."""
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield Query(
                where=panel["title"],
                flux=target["query"],
                refers_to=frozenset(_columns(panel)),
            )
    for variable in board.get("templating", {}).get("list", ()):
        yield Query(where=variable["name"], flux=variable["query"]["query"])
    for layer in board.get("annotations", {}).get("list", ()):
        yield Query(
            where=layer["name"],
            flux=layer["target"]["query"],
            refers_to=frozenset(("time", "timeEnd", "title", "text", "tags")),
        )


def _columns(panel: Json) -> Iterator[str]:
    """Return the names that overrides and transformations of ``panel`` rely on."""
    for override in panel["fieldConfig"]["overrides"]:
        yield override["matcher"]["options"]
        for setting in override["properties"]:
            if setting["id"] == "custom.fillBelowTo":
                yield setting["value"]
    for transformation in panel.get("transformations", ()):
        yield from transformation["options"]["indexByName"]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
