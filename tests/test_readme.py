"""The README and the pages of docs/ name only what is there."""

import importlib.util
import re
from pathlib import Path

import pytest

from stack.environment import ROOT
from stack.flink_jobs import ENDING, JOBS

README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
MOST_BYTES = 16_384


def _prose(page: Path) -> str:
    """Return ``page`` with each word one space from the next, wherever lines end."""
    return " ".join(page.read_text(encoding="utf-8").split())


TEXT = " ".join(map(_prose, PAGES))
CHORES = sorted(set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)))
LINKS = [(page, link) for page in PAGES for link in LINK.findall(_prose(page))]
PATHS = set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", TEXT)) - {"lib/"}
CONSOLES = "\n".join(
    block
    for page in PAGES
    for block in re.findall(
        r"^```console\n(.*?)^```",
        page.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
NAMED = set(re.findall(r"`make ([a-z-]+)", TEXT))
RUN = set(re.findall(r"^make ([a-z-]+)", CONSOLES, re.MULTILINE))


@pytest.mark.parametrize("target", sorted(NAMED | RUN))
def test_every_chore_they_name_is_in_the_makefile(target: str) -> None:
    assert target in CHORES


@pytest.mark.parametrize("target", [each for each in CHORES if each != "help"])
def test_every_chore_is_explained(target: str) -> None:
    assert target in NAMED


@pytest.mark.parametrize(
    "module", sorted(set(re.findall(r"python -m ([\w.]*\w)", TEXT)))
)
def test_every_module_they_run_exists(module: str) -> None:
    assert importlib.util.find_spec(module)


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_they_name_exists(path: str) -> None:
    made_here = path.startswith(("build/", "docker/.env", ".vigil/"))
    assert made_here or "your_pattern" in path or (ROOT / path).exists() or _below(path)


def _below(path: str) -> bool:
    """Return whether the map names the path inside the folder of its line."""
    return any((folder / path).exists() for folder in ROOT.iterdir() if folder.is_dir())


@pytest.mark.parametrize(
    ("page", "link"), LINKS, ids=[f"{page.name}-{link}" for page, link in LINKS]
)
def test_every_link_leads_somewhere(page: Path, link: str) -> None:
    file, _, anchor = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    assert target.exists()
    assert not anchor or anchor in _anchors(target)


def _anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of ``page``, as they are made from them."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {words.replace(" ", "-") for words in kept}


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_the_readme_leads_to_every_page_which_says_whom_it_is_for(page: Path) -> None:
    assert f"(docs/{page.name})" in README.read_text(encoding="utf-8")
    _, _, first, *_ = page.read_text(encoding="utf-8").splitlines()
    assert first.startswith("For whoever ")


def test_the_readme_is_read_in_minutes() -> None:
    assert len(README.read_bytes()) <= MOST_BYTES


@pytest.mark.parametrize("job", [*JOBS, *ENDING])
def test_every_job_has_its_line_in_the_readme(job: str) -> None:
    line = rf"^flink run .*-py jobs/{job}\.py$"
    assert re.search(line, README.read_text(encoding="utf-8"), re.MULTILINE)


REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "package", re.findall(r"^([\w.-]+)(?:\[\w+\])?==", REQUIREMENTS, re.MULTILINE)
)
def test_every_dependency_has_its_reason(package: str) -> None:
    decisions = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    assert f"`{package}`" in decisions.partition("\n## Why each dependency")[2]
