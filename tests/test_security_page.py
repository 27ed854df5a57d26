"""Each promise of docs/security.md names a test that is there."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from stack.environment import ROOT

PAGE: Final = (ROOT / "docs/security.md").read_text(encoding="utf-8")
NAMED: Final = re.findall(r"\| `([^`]+)` \|$", PAGE, re.MULTILINE)


@cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def test_every_row_of_the_page_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    headers = PAGE.count("| promise | test |")
    assert len(NAMED) == len(rows) - headers > 100


@pytest.mark.parametrize("named", NAMED)
def test_the_test_that_it_names_is_there(named: str) -> None:
    path, _, name = named.partition("::")
    assert name in _tests(ROOT / path)
