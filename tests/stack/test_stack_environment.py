"""The Python environment is shared, never half-made, and never somebody else's."""

import shutil
from pathlib import Path

import pytest

from stack.environment import (
    COMPLETE,
    ROOT,
    cache_dir,
    environment_dir,
    is_complete,
    link,
    made_of,
    make,
    unsupported,
)


@pytest.mark.parametrize("version", ["3.11", "3.12"])
def test_supported_versions_pass(version: str) -> None:
    assert not unsupported(version, "python3")


@pytest.mark.parametrize("version", ["3.10", "3.13"])
def test_other_versions_are_refused_in_one_line(version: str) -> None:
    problem = unsupported(version, "/usr/bin/python3")
    assert problem.startswith(f"Python {version} (/usr/bin/python3) does not run Vigil")
    assert "make PYTHON=" in problem
    assert "\n" not in problem


def test_the_cache_is_the_users_own_and_can_be_moved() -> None:
    assert cache_dir({}) == Path.home() / ".cache/vigil"
    assert cache_dir({"XDG_CACHE_HOME": "/x"}) == Path("/x/vigil")
    assert cache_dir({"XDG_CACHE_HOME": "/x", "VIGIL_CACHE": "/y"}) == Path("/y")


FILES = [str(file.relative_to(ROOT)) for file in made_of(ROOT)]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with the files an environment is made of."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_two_clones_with_the_same_requirements_share_one(clone: Path) -> None:
    cache = Path("/cache")
    assert environment_dir(clone, cache, "3.11") == environment_dir(ROOT, cache, "3.11")


@pytest.mark.parametrize("name", FILES)
def test_a_change_of_any_file_makes_another(clone: Path, name: str) -> None:
    before = environment_dir(clone, clone, "3.11")
    with (clone / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert environment_dir(clone, clone, "3.11") != before


def test_another_python_makes_another(clone: Path) -> None:
    one, two = (environment_dir(clone, clone, v) for v in ("3.11", "3.12"))
    assert one != two


def test_an_interrupted_one_is_not_taken_for_whole(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    assert not is_complete(tmp_path)
    (tmp_path / COMPLETE).touch()
    assert is_complete(tmp_path)


def test_one_whose_python_is_gone_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / COMPLETE).touch()
    assert not is_complete(tmp_path)


def test_failing_pip_is_one_line_and_leaves_nothing_whole(clone: Path) -> None:
    (clone / "requirements.txt").write_text("./no-such-package\n", encoding="utf-8")
    environment = clone / "venv"
    with pytest.raises(SystemExit, match=r"pip failed: .*no-such-package.*pip\.log"):
        make(environment, clone)
    assert not is_complete(environment)


def test_the_link_follows_the_requirements(tmp_path: Path) -> None:
    for name in ("one", "two", "two"):
        link(tmp_path / name, tmp_path)
        assert (tmp_path / ".venv").readlink() == tmp_path / name


def test_an_environment_of_the_users_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    with pytest.raises(SystemExit, match="is not ours"):
        link(tmp_path / "one", tmp_path)
