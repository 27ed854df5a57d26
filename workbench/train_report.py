"""What a person sees of a training: tables."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from workbench.train_evaluation import Evaluation
from workbench.train_figures import (
    by_recordings,
    by_windows,
    largest_shift,
    shift,
)


def candidates(evaluations: Sequence[Evaluation], best: Evaluation) -> Table:
    """Return the table of candidates, the chosen one marked."""
    table = Table(
        title="Candidates, by window of recordings not seen", title_justify="left"
    )
    table.add_column("")
    for column in (
        "AUC",
        "E against D",
        "sensitivity",
        "specificity",
        "Brier",
        "moved",
    ):
        table.add_column(column, justify="right")
    for column in ("AUC, by recording", "E against D"):
        table.add_column(column, justify="right")
    for each in evaluations:
        window, whole = by_windows(each.plain), by_recordings(each.plain)
        table.add_row(
            each.candidate.name,
            *(f"{auc:.4f}" for auc in (window.auc, window.auc_hard)),
            *(f"{share:.3f}" for share in (window.sensitivity, window.specificity)),
            f"{window.brier:.4f}",
            f"{largest_shift(each):.3f}",
            *(f"{auc:.4f}" for auc in (whole.auc, whole.auc_hard)),
            style="bold" if each is best else "",
        )
    return table


def changes(best: Evaluation) -> Table:
    """Return what each change does to the chosen candidate."""
    table = Table(title="What a change moves", title_justify="left")
    table.add_column("")
    for column in ("AUC", "sensitivity", "specificity"):
        table.add_column(column, justify="right")
    for name in best.changed:
        moved = shift(best, name)
        table.add_row(
            name,
            f"{moved.auc:+.4f}",
            f"{moved.sensitivity:+.3f}",
            f"{moved.specificity:+.3f}",
        )
    return table


def splitting(leaky: Mapping[str, float]) -> str:
    """Return the warning: what a careless split would have claimed."""
    told = ", ".join(f"{auc:.4f} {name}" for name, auc in leaky.items())
    return f"The same trees and windows, AUC by the way of splitting: {told}"
