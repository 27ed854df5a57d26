"""Train the channel model of seizures on recordings, and say how good it is.

python -m workbench.train recordings.npz
"""

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress
from threadpoolctl import threadpool_limits

from eeg.model import CARD_FILE, ModelError
from eeg.recording import Recording, RecordingError
from eeg.recordings import read
from eeg.scoring import DEFAULT
from workbench.interruption import INTERRUPTED
from workbench.train_candidates import CANDIDATES
from workbench.train_changes import CHANGES, Change, augmented
from workbench.train_choice import Source, chosen, save, scores
from workbench.train_evaluation import FOLDS, PLAIN, Evaluation, evaluate, fit
from workbench.train_figures import leaky_and_honest
from workbench.train_report import candidates, changes, splitting
from workbench.train_rows import HARD_SET, SEIZURE_SET, Rows, joined, rows

REFUSED: Final = 2
WIDE: Final = 120
"""Columns where nobody's terminal says how many there are."""

PICTURE_FILE: Final = "evaluation.svg"
JUDGED_STEP_S: Final = 4.0
LEARNED_STEP_S: Final = 1.0
AUGMENTED_STEP_S: Final = 2.0
COPIES: Final = 6
LEAST_RECORDINGS: Final = 10
"""Of each kind: with fewer, five folds of recordings say nothing."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Files = Annotated[list[Path], typer.Argument(help="Archives with sets A to E.")]
Out = Annotated[Path, typer.Option(help="Folder of model, card and picture.")]


class TrainingError(Exception):
    """One line: why nothing can be learned from what was given."""


@app.command()
def main(*, files: Files, out: Out = Path(str(DEFAULT))) -> None:
    """Train on recordings: compare candidates, and write the best with its card."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    errors = Console(stderr=True)
    try:
        _demand_folder(out)
        recordings = [each for file in files for each in read(file)]
        _demand_enough(recordings)
        threadpool_limits(1)  # rows are few: a second thread mostly waits
        with Progress(console=errors, transient=True) as progress:
            _train(files, recordings, out, console, progress)
    except (RecordingError, TrainingError, ModelError) as error:
        errors.print(f"train: {error}", style="red", soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        errors.print("train: stopped, nothing was written")
        raise typer.Exit(INTERRUPTED) from None


def _demand_folder(out: Path) -> None:
    """Refuse at once what could not be written in the end."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"--out {out}: cannot be made ({error.strerror}); name another folder"
        raise TrainingError(msg) from None
    if not os.access(out, os.W_OK):
        msg = f"--out {out}: is not yours to write in; name another folder"
        raise TrainingError(msg)


def _demand_enough(recordings: Sequence[Recording]) -> None:
    seizures = sum(each.group == SEIZURE_SET for each in recordings)
    others = len(recordings) - seizures
    hard = sum(each.group == HARD_SET for each in recordings)
    if min(seizures, others, hard) < LEAST_RECORDINGS:
        msg = (
            f"{seizures} recordings of set {SEIZURE_SET}, {others} others, of which"
            f" {hard} of set {HARD_SET}; needs at least {LEAST_RECORDINGS} of each"
        )
        raise TrainingError(msg)


def _train(
    files: Sequence[Path],
    recordings: Sequence[Recording],
    out: Path,
    console: Console,
    progress: Progress,
) -> None:
    learned, judged = _rows(recordings, progress)
    evaluations = _evaluations(learned, judged, progress)
    best = chosen(evaluations)
    last = progress.add_task("the chosen one learns from all", total=None)
    leaky = leaky_and_honest(best.candidate, learned.where(learned.plain))
    fitted = fit(best.candidate, learned)
    source = Source(
        files={file.name: _digest(file) for file in files},
        recordings=dict(Counter(each.group for each in recordings)),
        windows=len(judged[PLAIN]),
        left_out=_windows_in(recordings) - len(judged[PLAIN]),
        augmented_copies=COPIES,
    )
    card = save(out, fitted, source, scores(evaluations, best, leaky))
    _draw(evaluations, best, out / PICTURE_FILE)
    progress.remove_task(last)
    console.print(candidates(evaluations, best))
    console.print(changes(best))
    console.print(splitting(leaky))
    console.print(f"chosen: {card.kind}, threshold {card.threshold:.3f}")
    console.print(f"written: {out / CARD_FILE}, the model and {PICTURE_FILE}")


def _rows(
    recordings: Sequence[Recording], progress: Progress
) -> tuple[Rows, dict[str, Rows]]:
    """Return what is learned from, and what is judged, by the change it has."""
    jobs: list[tuple[str, float, Change | None]] = [
        ("as they are", LEARNED_STEP_S, None),
        *((f"copy {n}", AUGMENTED_STEP_S, augmented) for n in range(1, COPIES + 1)),
        (PLAIN, JUDGED_STEP_S, None),
        *((name, JUDGED_STEP_S, change) for name, change in CHANGES.items()),
    ]
    task = progress.add_task("features", total=len(jobs))
    found = []
    for number, (_, step_s, change) in enumerate(jobs):
        found.append(_all_rows(recordings, step_s, change, number))
        progress.advance(task)
    n_learned = 1 + COPIES
    names = [name for name, _, _ in jobs[n_learned:]]
    return joined(found[:n_learned]), dict(zip(names, found[n_learned:], strict=True))


def _all_rows(
    recordings: Sequence[Recording], step_s: float, change: Change | None, number: int
) -> Rows:
    return joined(
        [
            rows(
                recording,
                step_s=step_s,
                change=change,
                rng=np.random.default_rng([number, place]),
            )
            for place, recording in enumerate(recordings)
        ]
    )


def _evaluations(
    learned: Rows, judged: Mapping[str, Rows], progress: Progress
) -> list[Evaluation]:
    found = []
    for candidate in CANDIDATES:
        task = progress.add_task(candidate.name, total=FOLDS)
        tell = partial(progress.advance, task)
        found.append(evaluate(candidate, learned, judged, tell))
    return found


def _windows_in(recordings: Sequence[Recording]) -> int:
    return sum(int(each.length_s // JUDGED_STEP_S) for each in recordings)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _draw(evaluations: Sequence[Evaluation], best: Evaluation, file: Path) -> None:
    from workbench.train_picture import draw  # noqa: PLC0415 - it takes a second

    draw(evaluations, best, file)


if __name__ == "__main__":
    app()
