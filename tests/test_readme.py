"""The README names only what is there."""

import importlib.util
import re

import pytest

from stack.environment import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)", README))))
def test_every_chore_it_names_is_in_the_makefile(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize(
    "module", sorted(set(re.findall(r"python -m ([\w.]+)", README)))
)
def test_every_module_it_runs_exists(module: str) -> None:
    assert importlib.util.find_spec(module)


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", README)) - {"lib/"})
)
def test_every_path_it_names_exists(path: str) -> None:
    made_here = path.startswith(("build/", "docker/.env"))
    assert made_here or "your_pattern" in path or (ROOT / path).exists() or _below(path)


def _below(path: str) -> bool:
    """Return whether the map names the path inside the folder of its line."""
    return any((folder / path).exists() for folder in ROOT.iterdir() if folder.is_dir())
