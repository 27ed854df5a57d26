"""A plugin of pytest: a module of ours is read with one piece of text replaced.

``pytest -p workbench.mutation_source --wrong-text FILE``, where FILE holds the
module's name and its whole text as JSON. Nothing in the tree is touched.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import pytest


class WrongText(importlib.machinery.SourceFileLoader):
    """Load a module from ``text``, whatever its file says."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of ``text``; what is cached of the file does not count."""
        return self.source_to_code(self._text.encode(), self.get_filename(fullname))


@dataclass(frozen=True)
class Finder(importlib.abc.MetaPathFinder):
    """Find one module before anybody else does."""

    module: str
    file: str
    text: str

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - asked for by the protocol
        target: ModuleType | None = None,  # noqa: ARG002 - likewise
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where the module is, if it is the one."""
        if fullname != self.module:
            return None
        loader = WrongText(fullname, self.file, self.text)
        return importlib.util.spec_from_file_location(
            fullname, self.file, loader=loader
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller say what is wrong."""
    parser.addoption("--wrong-text", type=Path, required=True)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set it up before any module of ours is read."""
    given: Path = early_config.known_args_namespace.wrong_text
    sys.meta_path.insert(0, Finder(**json.loads(given.read_text(encoding="utf-8"))))
