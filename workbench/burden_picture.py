"""The burden of alarms as a picture: what rings, what another limit would do, whom."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, PercentFormatter

from cep_patterns.pattern import Severity
from workbench.burden_counts import Burden, Question, Rate
from workbench.burden_report import number, summary, top_tenth
from workbench.burden_variants import Change
from workbench.picture_style import FAINT, GRID, INK, STYLE

COLOURS: Final = {
    Severity.HIGH: "#d6453d",
    Severity.MEDIUM: "#e0a800",
    Severity.LOW: "#2aa5b8",
}
"""Red, yellow and cyan after IEC 60601-1-8, dark enough for a white page."""

MARKS: Final = {
    Change.HALF_HOLD: ("o", "white", 0.17),
    Change.TWICE_HOLD: ("o", INK, 0.17),
    Change.MILDER: ("D", "white", -0.17),
    Change.STRICTER: ("D", INK, -0.17),
}
"""Each neighbour's shape, filling, and place above or below its pattern's line."""

WIDTH_IN: Final = 12.0
ROW_IN: Final = 0.34
BELOW_IN: Final = 2.6
REMARK_COLUMNS: Final = 100
MOST_LINES: Final = 13


def draw(found: Burden, remarks: Sequence[str], picture: Path) -> None:
    """Write ``found`` to ``picture``; the same burden gives the same file."""
    with mpl.rc_context(STYLE):  # type: ignore[arg-type] # its names are a union
        metadata = {"Date": None} if picture.suffix.lower() == ".svg" else None
        figure(found, remarks).savefig(
            picture, dpi=150, metadata=metadata, facecolor="white"
        )


def figure(found: Burden, remarks: Sequence[str]) -> Figure:
    """Return the whole picture: patterns above, patients and remarks below."""
    rows_in = ROW_IN * len(found.by_pattern) + 1.0
    drawn = Figure(figsize=(WIDTH_IN, rows_in + BELOW_IN + 1.0), layout="constrained")
    drawn.get_layout_engine().set(h_pad=0.12, w_pad=0.15)  # type: ignore[union-attr, call-arg]
    drawn.suptitle(
        summary(found).capitalize(), x=0.01, ha="left", weight="bold", size=12
    )
    halves = drawn.add_gridspec(2, 1, height_ratios=[rows_in, BELOW_IN])
    above, below = (drawn.add_subfigure(halves[half]) for half in (0, 1))
    rates, neighbours = above.subplots(1, 2, sharey=True)
    _rates(rates, found)
    _what_if(neighbours, found)
    patients, words = below.subplots(1, 2, width_ratios=[1, 1.35])
    _patients(patients, found)
    _remarks(words, remarks)
    return drawn


def _rates(axes: Axes, found: Burden) -> None:
    """Draw a bar for each pattern, and write what is known beside it."""
    rates = found.by_pattern
    widths = [rate.per_day or 0 for rate in rates]
    colours = [COLOURS[Severity(rate.severity)] for rate in rates]
    brief = [rate.brief / rate.days if rate.days else 0 for rate in rates]
    axes.barh(range(len(rates)), widths, color=colours, height=0.6)
    axes.barh(range(len(rates)), brief, color="white", alpha=0.55, height=0.6)
    room = max([*widths, 1e-9])
    for row, rate in enumerate(rates):
        axes.text(
            widths[row] + 0.015 * room,
            row,
            _told(rate),
            va="center",
            size=8,
            color=INK if rate.alarms else FAINT,
        )
    axes.set_title("Alarms per patient-day")
    axes.set_yticks(range(len(rates)), [rate.name for rate in rates])
    axes.set_ylim(len(rates) - 0.4, -0.6)
    axes.set_xlim(0, room * 1.45)
    axes.tick_params(axis="y", length=0)
    keys = [Patch(color=COLOURS[s], label=s) for s in reversed(Severity)]
    pale = Patch(color=GRID, label=f"pale: over in < {found.brief_s} s")
    _legend(axes, [*keys, pale])


def _legend(axes: Axes, handles: Sequence[Artist]) -> None:
    axes.legend(
        handles=handles,
        ncols=len(handles),
        loc="upper center",
        bbox_to_anchor=(0.5, -0.07),
        frameon=False,
        handletextpad=0.3,
        columnspacing=0.8,
    )


def _told(rate: Rate) -> str:
    if rate.per_day is None:
        return "could not be tried"
    alarms = f"{rate.alarms:,} alarm{'' if rate.alarms == 1 else 's'}"
    patients = f"{rate.patients:,} patient{'' if rate.patients == 1 else 's'}"
    return f"{number(rate.per_day)}  ({alarms}, {patients})" if rate.alarms else "0"


def _what_if(axes: Axes, found: Burden) -> None:
    """Draw each pattern's neighbours on a scale on which few and many both show."""
    rows = {rate.name: row for row, rate in enumerate(found.by_pattern)}
    least = min((rate.days for rate in found.by_pattern if rate.days), default=1)
    axes.set_xscale("symlog", linthresh=1 / least, linscale=0.6)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.grid(axis="x", color=GRID)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    for question in found.what_if:
        if question.per_day is not None:
            _neighbours(axes, rows[question.name], question)
    axes.set_title("What if: another hold or limit, per patient-day")
    axes.set_xlim(left=-0.15 / least)
    axes.tick_params(axis="y", length=0)
    _legend(axes, _keys())


def _neighbours(axes: Axes, row: int, question: Question) -> None:
    for each in question.neighbours:
        marker, filling, above = MARKS[Change(each.change)]
        here = [question.per_day or 0, each.per_day or 0]
        axes.plot(here, [row - above] * 2, color=FAINT, linewidth=1.2, zorder=2)
        axes.plot(
            here[1:],
            [row - above],
            marker=marker,
            markerfacecolor=filling,
            markeredgecolor=INK,
            markersize=5,
            linestyle="",
            zorder=3,
        )
    axes.plot(
        [question.per_day or 0] * 2,
        [row - 0.32, row + 0.32],
        color=INK,
        linewidth=2,
        zorder=4,
    )


def _keys() -> list[Line2D]:
    now = _key("|", INK, "as it is")
    now.set(markersize=10, markeredgewidth=2)
    return [now, *(_key(*MARKS[change][:2], change) for change in MARKS)]


def _key(marker: str, filling: str, label: str) -> Line2D:
    key = Line2D([], [], linestyle="", marker=marker, markersize=5, label=label)
    key.set(markerfacecolor=filling, markeredgecolor=INK)
    return key


def _patients(axes: Axes, found: Burden) -> None:
    """Draw what share of the alarms the busiest patients make."""
    axes.set_title("Whose alarms they are")
    axes.set_xlabel("patients, the busiest first")
    axes.set_ylabel("share of all alarms")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color=GRID)
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle="--")
    if found.top_tenth_share is None:
        axes.text(0.5, 0.3, "no alarms", ha="center", color=FAINT)
        return
    alarms = [load.alarms for load in found.loads]
    shares = [sum(alarms[:n]) / found.alarms for n in range(len(alarms) + 1)]
    patients = [n / len(alarms) for n in range(len(shares))]
    axes.plot(patients, shares, color=INK, linewidth=1.8)
    top = found.top_tenth / found.patients
    axes.plot([top], [found.top_tenth_share], marker="o", color=COLOURS[Severity.HIGH])
    axes.annotate(
        textwrap.fill(top_tenth(found), 32),
        (top, found.top_tenth_share),
        xytext=(0.42, 0.12),
        arrowprops={"arrowstyle": "-", "color": FAINT},
    )


def _remarks(axes: Axes, remarks: Sequence[str]) -> None:
    axes.set_axis_off()
    axes.set_title("How to read it")
    wrapped = [textwrap.fill(each, REMARK_COLUMNS) for each in remarks]
    lines = "\n\n".join(wrapped).splitlines()
    shown = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "..."]
    axes.text(0, 0.98, "\n".join(shown), va="top", size=7.5, transform=axes.transAxes)
