"""What becomes of a mutant: run the tests against it, in processes of their own.

The mutants of patterns share one process and few Flink jobs; each wrong text of
a shape needs a process, because the module is read but once.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from stack.environment import ROOT
from workbench.child import last_words
from workbench.mutations import TextMutant, mutants
from workbench.telling import telling

POLL_S: Final = 0.2
LIMIT_S: Final = 1200
"""No job should run for ever, however wrong it is."""

TESTS: Final = ROOT / "tests"
JOBS: Final = ROOT / "jobs"

PYTEST: Final = (
    *(sys.executable, "-m", "pytest", "-q", "--tb=line"),
    *("-p", "no:cacheprovider", "-W", "ignore"),
)

EQUIVALENT: Final[Mapping[tuple[str, str], str]] = {
    # A fraction times a root: tried with up to 1,500 starts, over 5 to 7 days.
    ("restarts_rising", "condition >= -> >"): "same: never exactly 2.33",
}
"""Wrong turns that lead to the same place, with the reason. No test can tell.

A pattern and what is wrong with it, or a module of jobs and its wrong text.
"""


class BrokenError(Exception):
    """One line: why nothing can be said about the tests."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant: the test that noticed, or nothing."""

    of: str
    what: str
    killer: str

    @property
    def survived(self) -> bool:
        """Whether no test noticed."""
        return not self.killer


@dataclass(slots=True)
class Outcomes:
    """What the tests of patterns have told so far."""

    tests: int = 0
    done: int = 0
    killers: dict[tuple[str, str], str] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        """Take one line of the plugin."""
        told = json.loads(line)
        self.tests += told.get("tests", 0)
        self.done += "outcome" in told
        if told.get("outcome") == "failed" and told["about"]:
            of, what = told["about"]
            self.killers.setdefault((of, what), told["test"])


def pattern_fates(patterns: Sequence[Pattern], tests: Path) -> list[Fate]:
    """Return the fate of every mutant of ``patterns``, by the tests of their names."""
    if not patterns:
        return []
    files = [tests / f"test_{pattern.name}.py" for pattern in patterns]
    heard = _outcomes([file for file in files if file.exists()])
    for pattern in patterns:
        if killer := heard.killers.get((pattern.name, "")):
            msg = f"{killer} of {pattern.name} fails although nothing is wrong"
            raise BrokenError(msg)
    noticed = {**EQUIVALENT, **heard.killers}
    return [
        Fate(p.name, m.what, noticed.get((p.name, m.what), ""))
        for p in patterns
        for m in mutants(p)
    ]


def _outcomes(files: Sequence[Path]) -> Outcomes:
    heard = Outcomes()
    if not files:
        return heard
    with tempfile.TemporaryDirectory(prefix="vigil-mutants-") as folder:
        told = Path(folder, "outcomes.jsonl")
        told.touch()
        plugin = ("-p", "workbench.mutation_plugin", "--outcomes", str(told))
        with _running((*PYTEST, *plugin, *map(str, files)), Path(folder)) as pytest:
            with told.open(encoding="utf-8") as lines, telling() as tell:
                while pytest.poll() is None:
                    time.sleep(POLL_S)
                    for line in lines:
                        heard.hear(line)
                    tell(f"test {heard.done:,} of {heard.tests:,}")
                for line in lines:
                    heard.hear(line)
            _demand_an_answer(pytest.returncode, Path(folder))
    return heard


def shape_fates(wrong: Sequence[TextMutant]) -> list[Fate]:
    """Return the fate of every wrong text, by the tests of patterns and of jobs."""
    with telling() as tell:
        fates = []
        for number, mutant in enumerate(wrong, 1):
            tell(f"SQL {number} of {len(wrong)}: {mutant.module}, {mutant.what}")
            reason = EQUIVALENT.get((mutant.module, mutant.new))
            killer = reason or _killer(mutant)
            fates.append(Fate(f"jobs/{mutant.module}.py", mutant.what, killer))
    return fates


def _killer(mutant: TextMutant) -> str:
    """Return the first test that fails with ``mutant`` in place; nothing if none."""
    each = rounds(strongest_first(mutant.module))
    return next(filter(None, (_killer_among(tests, mutant) for tests in each)), "")


def rounds(tests: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Yield ``tests`` in their order, each time twice as many as before.

    The streams of a round go through one job. Most mutants need no more than the first,
    and all of them together take long to plan.
    """
    begins, size = 0, 1
    while begins < len(tests):
        yield tests[begins : begins + size]
        begins, size = begins + size, size * 2


def _killer_among(tests: Sequence[Path], mutant: TextMutant) -> str:
    file = JOBS / f"{mutant.module}.py"
    with tempfile.TemporaryDirectory(prefix="vigil-mutants-") as folder:
        wrong = Path(folder, "wrong.json")
        text = mutant.applied(file.read_text("utf-8"))
        spec = {"module": f"jobs.{mutant.module}", "file": str(file), "text": text}
        wrong.write_text(json.dumps(spec), encoding="utf-8")
        plugin = ("-p", "workbench.mutation_source", "--wrong-text", str(wrong))
        command = (*PYTEST, "-x", "-rfE", *plugin, *map(str, tests))
        with _running(command, Path(folder)) as pytest:
            _wait(pytest, mutant)
        _demand_an_answer(pytest.returncode, Path(folder))
        return failed(_log(Path(folder)).read_text("utf-8", "replace"))


def _wait(pytest: subprocess.Popen[bytes], mutant: TextMutant) -> None:
    try:
        pytest.wait(LIMIT_S)
    except subprocess.TimeoutExpired:
        where = f"{mutant.module}, {mutant.what}"
        msg = f"the tests did not end in {LIMIT_S} s with {where}: is the machine busy?"
        raise BrokenError(msg) from None


def failed(output: str) -> str:
    """Return the test that pytest says has failed; nothing if none has."""
    for line in output.splitlines():
        if line.startswith(("FAILED ", "ERROR ")) and "::" in line:
            return line.split("::")[1].split(" ")[0].partition("[")[0]
    return ""


def strongest_first(module: str) -> list[Path]:
    """Return the tests that run SQL, in the order in which they are worth their time.

    First those of the module, of what reads it, and of the patterns of its shape or
    signals, then the long ones of other patterns. A name's beginning is enough:
    ``silence`` is of ``Silent``.
    """
    begins = module[:5]
    of_readers = {f"test_{name}" for name in readers(module)}
    text = (JOBS / f"{module}.py").read_text("utf-8")
    of_patterns = {
        f"test_{pattern.name}"
        for pattern in CATALOGUE
        if type(pattern).__name__.lower().startswith(begins)
        or f'"{getattr(pattern, "signal", "")}": Signal(' in text
    }
    files = [
        file
        for folder in ("cep_patterns", "jobs")
        for file in (TESTS / folder).glob("test_*.py")
        if "mark.flink" in file.read_text("utf-8")
    ]

    def weakness(file: Path) -> tuple[bool, str, int]:
        near = begins in file.stem or file.stem in of_patterns | of_readers
        return not near, file.parent.name, -file.stat().st_size

    return sorted(files, key=weakness)


def readers(module: str) -> set[str]:
    """Return ``module`` and those of jobs that import it, or import one that does."""
    texts = {file.stem: file.read_text("utf-8") for file in JOBS.glob("*.py")}
    found, news = set[str](), {module}
    while news:
        found |= news
        reads = re.compile(rf"^from jobs\b.*\b({'|'.join(news)})\b", re.MULTILINE)
        news = {name for name, text in texts.items() if reads.search(text)} - found
    return found


@contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` with its words in ``folder``; it ends when we do."""
    with _log(folder).open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _log(folder: Path) -> Path:
    return folder / "pytest.log"


def _demand_an_answer(code: int, folder: Path) -> None:
    """Refuse a run that is neither "all passed" nor "some failed"."""
    if code not in (0, 1):
        words = last_words(_log(folder).read_text("utf-8", "replace"))
        msg = f"pytest could not run the tests: {words}"
        raise BrokenError(msg)
