"""The JSON in the repository is the JSON the code writes."""

from pathlib import Path

import pytest

from grafana import build
from grafana.build import DASHBOARDS, FOLDER, render


@pytest.mark.parametrize("name", DASHBOARDS)
def test_committed_dashboard_is_current(name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert committed == render(name), "run: python -m grafana.build"


def test_no_board_without_code_is_committed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(DASHBOARDS)


def test_build_writes_every_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    build.main()
    assert {path.name for path in tmp_path.iterdir()} == set(DASHBOARDS)
