"""The house look of a panel, and how a panel asks InfluxDB."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import common as common_builder
from grafana_foundation_sdk.builders import dashboard as dashboard_builder
from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.cog import builder, variants
from grafana_foundation_sdk.models import common, dashboard

from grafana.show import BLANK, PLAIN, Show, properties

DATASOURCE: Final = dashboard.DataSourceRef(type_val="influxdb", uid="vigil-influxdb")


@dataclass
class FluxQuery(variants.Dataquery, builder.Builder["FluxQuery"]):
    """One Flux query; the SDK has no builder for InfluxDB of its own."""

    query: str
    ref_id: str = "A"

    def build(self) -> "FluxQuery":
        """Return itself: there is nothing left to assemble."""
        return self

    def to_json(self) -> dict[str, object]:
        """Return what Grafana stores for this target."""
        return {"refId": self.ref_id, "datasource": DATASOURCE, "query": self.query}


def rows(
    title: str, *, about: str, query: str, shown: Sequence[Show], empty: str
) -> table.Panel:
    """Return a table of ``shown`` columns; ``empty`` is what it says without rows."""
    panel = (
        table.Panel()
        .title(title)
        .description(about)
        .datasource(DATASOURCE)
        .unit("string")
        .no_value(empty)
        .color_scheme(_fixed(PLAIN))
        .cell_height(common.TableCellHeight.SM)
        .with_transformation(_in_order([each.name for each in shown]))
        .with_target(FluxQuery(query))
    )
    for each in shown:
        blank = properties(noValue=BLANK)
        panel.override_by_name(each.name, [*each.properties(), *blank])
    return panel


def tiles(
    title: str, *, about: str, query: str, shown: Sequence[Show], empty: str
) -> stat.Panel:
    """Return a tile for each ``shown`` column of the one row that ``query`` finds."""
    panel = (
        stat.Panel()
        .title(title)
        .description(about)
        .datasource(DATASOURCE)
        .unit("short")
        .no_value(empty)
        .color_scheme(_fixed(PLAIN))
        .color_mode(common.BigValueColorMode.VALUE)
        .graph_mode(common.BigValueGraphMode.NONE)
        .text_mode(common.BigValueTextMode.VALUE_AND_NAME)
        .reduce_options(
            common_builder.ReduceDataOptions().calcs(["lastNotNull"]).fields("/.*/")
        )
        .with_target(FluxQuery(query))
    )
    for each in shown:
        panel.override_by_name(each.name, each.properties())
    return panel


def lines(
    title: str,
    *,
    about: str,
    query: str,
    unit: str,
    shown: Sequence[Show],
) -> timeseries.Panel:
    """Return a time series in which a gap looks like a gap."""
    panel = (
        timeseries.Panel()
        .title(title)
        .description(about)
        .datasource(DATASOURCE)
        .unit(unit)
        .no_value("No reading in this range")
        .line_width(1)
        .fill_opacity(0)
        .show_points(common.VisibilityMode.AUTO)
        .span_nulls(False)  # noqa: FBT003 - a gap in the signal must look like a gap
        .tooltip(
            common_builder.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI)
        )
        .with_target(FluxQuery(query))
    )
    for each in shown:
        panel.override_by_name(each.name, each.properties())
    return panel


def _fixed(colour: str) -> dashboard_builder.FieldColor:
    fixed = dashboard.FieldColorModeId.FIXED
    return dashboard_builder.FieldColor().mode(fixed).fixed_color(colour)


def _in_order(names: Sequence[str]) -> dashboard.DataTransformerConfig:
    order = {name: i for i, name in enumerate(names)}
    return dashboard.DataTransformerConfig(
        id_val="organize",
        options={"indexByName": order, "excludeByName": {}, "renameByName": {}},
    )
