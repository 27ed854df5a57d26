"""Settings have their order, and a secret that everybody knows is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.delivery_settings import DeliverySettings
from gateway.settings import from_environment
from producers.secrecy import MADE, ROOT, own

MADE_AT_FIRST = """VIGIL_GATEWAY_USERS=nurse:made-password
VIGIL_GATEWAY_SECRET=made-secret-of-this-place
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a state folder whose secrets were made, and no others given."""
    made = tmp_path / MADE
    made.parent.mkdir()
    made.write_text(MADE_AT_FIRST, encoding="utf-8")
    for name in ("GATEWAY_USERS", "GATEWAY_SECRET", "GIVEN_FILE", "ALERTS_LINK_KEY"):
        monkeypatch.delenv(f"VIGIL_{name}", raising=False)
    monkeypatch.setenv("VIGIL_STATE_DIR", str(tmp_path))
    monkeypatch.setattr("producers.secrecy.OWN", tmp_path / "none")
    return tmp_path


@pytest.mark.usefixtures("state")
def test_the_page_finds_the_secrets_that_were_made() -> None:
    settings = from_environment()
    assert settings.users == {"nurse": "made-password"}
    assert settings.gateway_secret.get_secret_value() == "made-secret-of-this-place"


def test_what_was_given_to_the_supervisor_wins(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = state / "given.env"
    given.write_text(
        "VIGIL_GATEWAY_USERS='doctor:given'\nVIGIL_ALERTS_SMTP_USER='me'\n"
    )
    monkeypatch.setenv("VIGIL_GIVEN_FILE", str(given))
    assert from_environment().users == {"doctor": "given"}
    assert DeliverySettings.from_environment().smtp_user == "me"
    monkeypatch.setenv("VIGIL_GATEWAY_USERS", "other:from-the-environment")
    assert from_environment().users == {"other": "from-the-environment"}


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIL_GATEWAY_USERS", "nurse:demo-password-change-me"),
        ("VIGIL_GATEWAY_SECRET", "demo-secret-change-me"),
    ],
)
def test_a_published_secret_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=rf"{name}: .*published example"):
        from_environment()


def test_a_page_without_secrets_does_not_start(state: Path) -> None:
    (state / MADE).unlink()
    with pytest.raises(SystemExit, match=r"VIGIL_GATEWAY_SECRET: .*make up makes"):
        from_environment()


def test_a_published_key_of_links_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_ALERTS_LINK_KEY", "demo-secret-change-me")
    with pytest.raises(SystemExit, match=r"VIGIL_ALERTS_LINK_KEY: .*published"):
        DeliverySettings.from_environment()


@pytest.mark.parametrize("text", ["", "x" * 40, "change-us"])
def test_any_other_secret_is_taken(text: str) -> None:
    assert own(SecretStr(text)).get_secret_value() == text


def test_a_database_that_a_command_makes_is_its_owners_alone(tmp_path: Path) -> None:
    env = {**os.environ, "VIGIL_STATE_DIR": str(tmp_path / "state")}
    subprocess.run(
        [sys.executable, "-m", "alerts", "list"], cwd=ROOT, env=env, check=True
    )
    made = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert made
    assert not [path for path in made if path.stat().st_mode & 0o077]
