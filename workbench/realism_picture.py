"""Fleet beside recordings as a picture: a row of panels for each sign and pace."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from producers.contract import VITAL_SIGNS
from workbench.picture_style import FAINT, GRID, INK, STYLE
from workbench.realism_measures import (
    SIGNS,
    Array,
    Measure,
    Pace,
    Patient,
    autocorrelation,
    measured,
)

FLEET: Final = "#2e8b57"
ROW_IN: Final = 1.35
WIDTH_IN: Final = 12.0
_UNITS: Final = {sign.name: sign.unit for sign in VITAL_SIGNS}
_COLUMNS: Final = (
    "level (median of a patient)",
    "spread within a patient",
    "",
    "share missing",
)

Pair = tuple[Sequence[Patient], Sequence[Patient]]


def draw(found: Mapping[Pace, Pair], whom: str, path: Path) -> None:
    """Write the picture: recorded patients in grey, ``whom`` in green."""
    kept = [
        (pace, sign)
        for pace, (_, theirs) in found.items()
        for sign in SIGNS
        if measured(theirs, sign, Measure("level")).size
    ]
    with mpl.rc_context(STYLE):  # type: ignore[arg-type] # its names are a union
        figure = Figure(
            figsize=(WIDTH_IN, ROW_IN * len(kept) + 1.0), layout="constrained"
        )
        grid = figure.subplots(len(kept), 4, squeeze=False)
        for axes, (pace, sign) in zip(grid, kept, strict=True):
            _sign(list(axes), pace, sign, found[pace])
        for axes, title in zip(grid[0], _COLUMNS, strict=True):
            axes.set_title(title or "autocorrelation")
        figure.suptitle(
            f"Patients of {whom} (green) and recorded patients (grey): share of "
            "patients at or below a value; autocorrelation of the middle 90 %",
            size=10,
            color=INK,
        )
        metadata = {"Date": None} if path.suffix == ".svg" else None
        figure.savefig(path, dpi=80, metadata=metadata)


def _sign(axes: Sequence[Axes], pace: Pace, sign: str, pair: Pair) -> None:
    panels = (axes[0], "level"), (axes[1], "spread"), (axes[3], "missing")
    for panel, name in panels:
        ours, theirs = (measured(each, sign, Measure(name)) for each in pair)
        _shares(panel, theirs, FAINT)
        _shares(panel, ours, FLEET)
        panel.set_ylim(0, 1.03)
        panel.set_yticks([0, 0.5, 1])
        panel.grid(color=GRID)
    axes[3].set_xlim(-0.02, 1.02)
    label = sign.rpartition("_")[0].replace("_", " ").removesuffix(" per")
    axes[0].set_ylabel(f"{label}\n{pace.name}")
    axes[0].set_xlabel(_UNITS[sign], labelpad=0)
    axes[1].set_xlabel(_UNITS[sign], labelpad=0)
    _likeness(axes[2], pace, sign, pair)


def _shares(axes: Axes, values: Array, colour: str) -> None:
    if values.size:
        ordered = np.sort(values)
        shares = np.arange(1, ordered.size + 1) / ordered.size
        axes.step(ordered, shares, where="post", color=colour, linewidth=1.6)


def _likeness(axes: Axes, pace: Pace, sign: str, pair: Pair) -> None:
    ours, theirs = (_curves(each, pace, sign) for each in pair)
    for curves, colour in ((theirs, FAINT), (ours, FLEET)):
        if not curves.size:
            continue
        lags = np.array(pace.curve)[~np.isnan(curves).all(axis=0)]
        known = curves[:, ~np.isnan(curves).all(axis=0)]
        low, middle, high = np.nanpercentile(known, (5, 50, 95), axis=0)
        axes.fill_between(lags, low, high, color=colour, alpha=0.25, linewidth=0)
        axes.plot(lags, middle, color=colour, linewidth=1.6)
    axes.set_ylim(-0.6, 1.05)
    axes.axhline(0.0, color=FAINT, linewidth=0.6)
    axes.grid(color=GRID)
    axes.set_xlabel(f"after so many {'s' if pace.step_s == 1.0 else 'h'}", labelpad=0)


def _curves(everyone: Sequence[Patient], pace: Pace, sign: str) -> Array:
    curves = [[autocorrelation(p.signs[sign], n) for n in pace.curve] for p in everyone]
    array = np.array(curves)
    return np.asarray(array[~np.isnan(array).all(axis=1)])
