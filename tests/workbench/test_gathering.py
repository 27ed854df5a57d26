"""Where everything can be reached, in words for the terminal."""

from pathlib import Path

from stack import credentials
from stack.settings import FILES, Settings
from workbench.gathering import listens


def test_the_ward_is_named_with_whom_to_sign_in_as(tmp_path: Path) -> None:
    settings = Settings.load({"VIGIL_STATE_DIR": str(tmp_path)}, FILES[:1])
    made = credentials.make(settings, {}, tmp_path / "none")
    words = f"{settings.gateway_url}, as nurse; the password is in {made}"
    assert listens(settings)["Ward"] == words


def test_the_ward_is_named_alone_if_its_users_were_given(tmp_path: Path) -> None:
    settings = Settings.load({"VIGIL_STATE_DIR": str(tmp_path)}, FILES[:1])
    credentials.make(settings, {"VIGIL_GATEWAY_USERS": ""}, tmp_path / "none")
    assert listens(settings)["Ward"] == settings.gateway_url
