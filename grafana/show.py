"""How one column or series looks: title, unit, width, colour, link."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import dashboard as dashboard_builder
from grafana_foundation_sdk.models import dashboard

PLAIN: Final = "text"
"""Grafana's name for the colour of ordinary text, in light and in dark."""
BLANK: Final = "\N{EN DASH}"
"""What an empty cell shows."""
TIME: Final = "dateTimeAsIsoNoDateIfToday"
"""Grafana's name for a time of day, with its date unless that is today."""


@dataclass(frozen=True, slots=True)
class Show:
    """How one column or series looks: its name in the data, its title, its unit."""

    name: str
    title: str
    unit: str = ""
    width: int | None = None
    coloured: str = ""
    mappings: tuple[dashboard.ValueMapping, ...] = ()
    link: str = ""
    decimals: int | None = None
    custom: tuple[tuple[str, object], ...] = ()
    steps: tuple[tuple[float | None, str], ...] = ()

    def properties(self) -> list[dashboard.DynamicConfigValue]:
        """Return the overrides that give the column this look."""
        wanted: dict[str, object] = {
            "displayName": self.title,
            "unit": self.unit,
            "decimals": self.decimals,
            "custom.width": self.width,
            "custom.cellOptions": self.coloured and _cell(self.coloured),
            "mappings": list(self.mappings),
            "links": self.link and [{"title": "Open the patient", "url": self.link}],
            "thresholds": self.steps and _thresholds(self.steps).build(),
            "color": self.steps and {"mode": "thresholds"},
        }
        given = {k: v for k, v in wanted.items() if v not in (None, "", [], ())}
        return properties(**given, **{f"custom.{k}": v for k, v in self.custom})


def properties(**values: object) -> list[dashboard.DynamicConfigValue]:
    """Return field settings by their ids."""
    return [dashboard.DynamicConfigValue(id_val=k, value=v) for k, v in values.items()]


def mapped(texts: Iterable[tuple[str, str, str]]) -> tuple[dashboard.ValueMap, ...]:
    """Return the mapping of each value to a text and a colour."""
    results = {
        value: dashboard.ValueMappingResult(text=text, color=colour, index=i)
        for i, (value, text, colour) in enumerate(texts)
    }
    return (dashboard.ValueMap(options=results),)


def marked(pattern: str, colour: str) -> tuple[dashboard.RegexMap, ...]:
    """Return the mapping that colours texts which contain ``pattern``."""
    result = dashboard.ValueMappingResult(color=colour, index=0)
    options = dashboard.DashboardRegexMapOptions(pattern=pattern, result=result)
    return (dashboard.RegexMap(options=options),)


def _cell(kind: str) -> dict[str, object]:
    return {"type": kind, **({"mode": "basic"} if kind == "color-background" else {})}


def _thresholds(
    steps: Iterable[tuple[float | None, str]],
) -> dashboard_builder.ThresholdsConfig:
    made = [dashboard.Threshold(value=value, color=colour) for value, colour in steps]
    absolute = dashboard.ThresholdsMode.ABSOLUTE
    return dashboard_builder.ThresholdsConfig().mode(absolute).steps(made)
