"""Settings: named in one line when they are wrong, secret when they are shown."""

import pytest
from pydantic import ValidationError

from gateway.openid import Provider
from gateway.settings import GatewaySettings, from_environment
from tests.gateway.small_ward import settings

GOOD = {
    "VIGIL_KAFKA_BROKERS": "127.0.0.1:9092",
    "VIGIL_GATEWAY_PORT": "8000",
    "VIGIL_GATEWAY_USERS": "nurse:a:b, doctor:c",
    "VIGIL_GATEWAY_SECRET": "sixteen-letters!",
}
PROVIDER = {
    "VIGIL_GATEWAY_OIDC_ISSUER": "https://login.example.org/realms/one",
    "VIGIL_GATEWAY_OIDC_CLIENT_ID": "vigil",
    "VIGIL_GATEWAY_OIDC_CLIENT_SECRET": "open-sesame",
}


@pytest.fixture(autouse=True)
def _good(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**dict.fromkeys(PROVIDER, ""), **GOOD}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    found = from_environment().provider
    assert found
    return found


def test_several_users_have_a_password_each() -> None:
    assert from_environment().users == {"nurse": "a:b", "doctor": "c"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIL_GATEWAY_USERS", "nurse"),
        ("VIGIL_GATEWAY_USERS", "nurse:"),
        ("VIGIL_GATEWAY_USERS", ":sesame"),
        ("VIGIL_GATEWAY_USERS", ""),
        ("VIGIL_GATEWAY_USERS", "nurse:sesame,"),
        ("VIGIL_GATEWAY_SECRET", "fifteen-letters"),
        ("VIGIL_GATEWAY_PORT", "eight"),
        ("VIGIL_GATEWAY_OIDC_ISSUER", "http://login.example.org"),
        ("VIGIL_GATEWAY_OIDC_ISSUER", "login.example.org"),
        ("VIGIL_GATEWAY_OIDC_SCOPES", "profile email"),
        ("VIGIL_GATEWAY_OIDC_USER_CLAIM", ""),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=name) as error:
        from_environment()
    assert "\n" not in str(error.value)
    assert value not in str(error.value) or not value


def test_secrets_are_not_shown() -> None:
    assert "a-password" not in repr(settings(1))
    assert "a-secret" not in repr(settings(1))


def test_without_a_provider_there_are_local_users_alone() -> None:
    assert from_environment().provider is None


def test_a_provider_has_what_the_standard_names(provider: Provider) -> None:
    assert provider.user_claim == "preferred_username"
    assert provider.scopes == "openid profile"
    assert provider.name == "login.example.org"
    assert provider.client_secret.get_secret_value() == "open-sesame"


@pytest.mark.usefixtures("provider")
def test_with_a_provider_no_local_user_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIGIL_GATEWAY_USERS", "")
    assert from_environment().users == {}


@pytest.mark.parametrize("given", PROVIDER)
def test_of_half_a_provider_the_other_half_is_named(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(given, PROVIDER[given])
    with pytest.raises(SystemExit) as error:
        from_environment()
    said = str(error.value)
    assert "\n" not in said
    assert {name for name in PROVIDER if name in said} == set(PROVIDER) - {given}
    assert "sesame" not in said


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("missing", PROVIDER)
def test_and_so_is_a_single_thing_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv(missing, "")
    with pytest.raises(SystemExit) as error:
        from_environment()
    assert {name for name in PROVIDER if name in str(error.value)} == {missing}


def test_the_provider_s_secret_is_not_shown(provider: Provider) -> None:
    assert "sesame" not in repr(from_environment())
    assert "sesame" not in repr(provider)
    assert "sesame" not in str(from_environment().model_dump())


def test_a_secret_is_not_shown_when_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIGIL_GATEWAY_OIDC_CLIENT_SECRET", "open-sesame")
    with pytest.raises(ValidationError) as error:
        GatewaySettings()
    assert "sesame" not in str(error.value)
