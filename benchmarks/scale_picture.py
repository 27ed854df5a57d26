"""What a device costs, by the size of the fleet, as a picture."""

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from benchmarks.scale_size import Size, verdict
from workbench.picture_style import INK, STYLE

TITLE_CHARACTERS: Final = 110
BAD: Final = "#d6453d"
COLOURS: Final = {
    "kafka": "#4c78a8",
    "jobmanager": "#9ecae9",
    "taskmanager": "#f58518",
    "workers": "#ffbf79",
    "influxd": "#54a24b",
    "fleet": "#b279a2",
    "others": "#c4c8ce",
}


def draw(sizes: Sequence[Size], path: Path) -> None:
    """Draw ``sizes`` into ``path``, an SVG file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):  # type: ignore[arg-type] # its names are a union
        figure = Figure(figsize=(11.0, 6.4), layout="constrained")
        cost, late, latency, state = figure.subplots(2, 2).flat
        _cost(cost, sizes)
        _lines(late, sizes, "late_ms", "Readings late, ms")
        _lines(latency, sizes, "latency_s", "From device to match, s")
        _state(state, sizes)
        for axes in (cost, late, latency, state):
            _sizes(axes, sizes)
        said = textwrap.fill(verdict(sizes), TITLE_CHARACTERS)
        figure.suptitle(said, x=0.01, ha="left", color=INK)
        figure.savefig(path, metadata={"Date": None})


def _cost(axes: Axes, sizes: Sequence[Size]) -> None:
    for part, colour in COLOURS.items():
        us = [size.us.get(part) or math.nan for size in sizes]  # nothing has no log
        axes.plot(us, marker="o", color=colour, label=part)
    axes.set_title("Processor time of a reading, us")
    axes.set_yscale("log")
    axes.legend(frameon=False, ncols=2, fontsize=8)


def _lines(axes: Axes, sizes: Sequence[Size], name: str, title: str) -> None:
    for share, marker in (("p50", "o"), ("p99", "D")):
        found = [getattr(getattr(size, name), share) for size in sizes]
        axes.plot(found, marker=marker, color=INK, label=share)
    axes.set_title(title)
    axes.set_ylim(bottom=0.0)
    axes.legend(frameon=False)


def _state(axes: Axes, sizes: Sequence[Size]) -> None:
    for job in sizes[0].state_bytes:
        found = [size.state_bytes.get(job, 0) / size.devices / 1e3 for size in sizes]
        axes.plot(found, marker="o", label=job)
    axes.set_title("State of a device, kB")
    axes.set_ylim(bottom=0.0)
    axes.legend(frameon=False, fontsize=8)


def _sizes(axes: Axes, sizes: Sequence[Size]) -> None:
    names = {i: f"{size.devices:,}" for i, size in enumerate(sizes)}
    axes.set_xticks(list(names))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: names.get(round(x), "")))
    for tick, size in zip(axes.get_xticklabels(), sizes, strict=True):
        tick.set_color(BAD if size.gave_way else INK)
    axes.set_xlabel("devices at 1 Hz")
