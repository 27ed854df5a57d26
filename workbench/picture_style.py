"""How all pictures look."""

from typing import Final

INK: Final = "#2b2f36"
FAINT: Final = "#8a9099"
GRID: Final = "#e6e8eb"

STYLE: Final = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "vigil",
}
"""Settings of matplotlib; the salt makes the same picture the same file."""
