"""Where everything can be reached, in words for the terminal."""

from stack.settings import FILES, Settings
from workbench.gathering import listens


def test_the_ward_is_named_with_a_local_user_if_there_is_one() -> None:
    settings = Settings.load({}, FILES[:1])
    assert listens(settings)["Ward"] == f"{settings.gateway_url}, as nurse"
    without = Settings.load({"VIGIL_GATEWAY_USERS": ""}, FILES[:1])
    assert listens(without)["Ward"] == without.gateway_url
