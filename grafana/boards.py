"""What all boards have in common: names, refresh, grid, numbering."""

from collections.abc import Sequence
from typing import Final

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import DashboardLinkType, GridPos, Panel

WARD_BOARD: Final = "vigil-ward"
PATIENT_BOARD: Final = "vigil-patient"
FOLDER: Final = "vigil"

Row = tuple[int, Sequence[tuple[int, Builder[Panel]]]]
"""A height, and panels with their widths from left to right."""


def board(
    uid: str, *, title: str, about: str, time_from: str, rows: Sequence[Row]
) -> builders.Dashboard:
    """Return a board whose panels are laid out row by row and numbered."""
    made = (
        builders.Dashboard(title)
        .uid(uid)
        .description(about)
        .tags(["vigil", "generated"])
        .refresh("5s")
        .time(time_from, "now")
        .timezone("browser")
        .readonly()
    )
    for number, panel in enumerate(_placed(rows), start=1):
        panel.id_val = number
        made.with_panel(_Built(panel))
    return made


def to_ward() -> builders.DashboardLink:
    """Return the link back to the board of all patients."""
    link = builders.DashboardLink("Ward").type(DashboardLinkType.LINK)
    return link.url(f"/d/{WARD_BOARD}").icon("dashboard")


class _Built(Builder[Panel]):
    """A panel that is finished, where the SDK asks for a builder."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def build(self) -> Panel:
        """Return the panel."""
        return self._panel


def _placed(rows: Sequence[Row]) -> list[Panel]:
    placed: list[Panel] = []
    y = 0
    for height, panels in rows:
        widths = [width for width, _ in panels]
        for i, (width, panel) in enumerate(panels):
            made = panel.build()
            made.grid_pos = GridPos(h=height, w=width, x=sum(widths[:i]), y=y)
            placed.append(made)
        y += height
    return placed
