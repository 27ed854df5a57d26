"""Settings that would reach nobody, or go in clear, are refused in one line."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from alerts.delivery_settings import FICTITIOUS, DeliverySettings
from alerts.people import People
from tests.alerts.hospital import hospital

ACCOUNT: Final = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "secret",
    "TWILIO_SENDER": "+15005550006",
}
MAIL: Final = {"SMTP_HOST": "mail.example.org"}
PAGE: Final = {"PAGE_URL": "https://ward.example.org"}


@pytest.fixture
def people(tmp_path: Path) -> People:
    return hospital(tmp_path)


@pytest.fixture
def own(people: People, tmp_path: Path) -> dict[str, str]:
    assert people
    return {"PEOPLE": str(tmp_path / "people.yaml"), **PAGE}


def read(patch: pytest.MonkeyPatch, **names: str) -> DeliverySettings:
    for name, value in names.items():
        patch.setenv(f"VIGIL_ALERTS_{name}", value)
    return DeliverySettings.from_environment()


def refused(patch: pytest.MonkeyPatch, **names: str) -> str:
    with pytest.raises(SystemExit) as told:
        read(patch, **names)
    assert len(str(told.value).splitlines()) == 1
    assert "secret" not in str(told.value)
    return str(told.value)


@pytest.mark.parametrize("provider", [MAIL, ACCOUNT, MAIL | ACCOUNT])
def test_a_provider_is_refused_where_nobody_is_named_whom_it_could_reach(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, provider: dict[str, str]
) -> None:
    assert "name your own file in VIGIL_ALERTS_PEOPLE" in refused(
        monkeypatch, **PAGE, **provider
    )
    copy = tmp_path / "copy.yaml"
    shutil.copy(FICTITIOUS, copy)
    assert "VIGIL_ALERTS_PEOPLE" in refused(monkeypatch, PEOPLE=str(copy))
    copy.write_text(f"# ours\n{copy.read_text('utf-8')}", encoding="utf-8")
    assert read(monkeypatch).people == copy


def test_without_a_provider_the_example_may_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read(monkeypatch).people.name == "people.example.yaml"


def test_the_call_back_address_is_that_of_the_page(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str]
) -> None:
    account = read(monkeypatch, **own, **ACCOUNT).twilio()
    assert account is not None
    assert account.callback_url == "https://ward.example.org/twilio/status"


def test_a_call_back_address_that_leads_nowhere_is_refused(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str]
) -> None:
    wrong = "https://outside.example.org/twilio"
    said = refused(monkeypatch, **own, **ACCOUNT, TWILIO_CALLBACK_URL=wrong)
    assert f"VIGIL_ALERTS_TWILIO_CALLBACK_URL: {wrong} leads nowhere" in said
    assert "/twilio/status" in said
    account = read(monkeypatch, TWILIO_CALLBACK_URL=f"{wrong}/status").twilio()
    assert account is not None
    assert account.callback_url == f"{wrong}/status"


def test_a_page_that_no_telephone_can_open_is_refused(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str]
) -> None:
    here = {"PAGE_URL": "http://127.0.0.1:8090"}
    assert "VIGIL_ALERTS_PAGE_URL" in refused(monkeypatch, **(own | here), **ACCOUNT)
    account = read(monkeypatch, TWILIO_URL="http://127.0.0.1:1").twilio()
    assert account is not None
    assert account.callback_url == "", "a stand-in is not told an address it refuses"


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "::2", "localhost.x"])
def test_mail_goes_in_clear_to_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str], host: str
) -> None:
    said = refused(monkeypatch, **own, SMTP_HOST=host, SMTP_SECURITY="none")
    assert "VIGIL_ALERTS_SMTP_SECURITY: none sends alarms and password in clear" in said
    for here in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        assert read(monkeypatch, SMTP_HOST=here).mail_server() is not None


@pytest.mark.parametrize(
    "url", ["http://api.twilio.com", "http://10.0.0.1:80", "ftp:x"]
)
def test_sms_go_in_clear_to_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str], url: str
) -> None:
    said = refused(monkeypatch, **own, **ACCOUNT, TWILIO_URL=url)
    assert "VIGIL_ALERTS_TWILIO_URL: begin with https://" in said
    read(monkeypatch, TWILIO_URL="http://127.0.0.1:8080")


@pytest.mark.parametrize(
    "url", ["ward.example.org", "https://", "ward:8090", "https://a b", "", "ftp://x"]
)
def test_an_address_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str], url: str
) -> None:
    """Each message holds one; Twilio refuses every SMS whose call-back is none."""
    said = refused(monkeypatch, **(own | {"PAGE_URL": url}), **ACCOUNT)
    assert "VIGIL_ALERTS_PAGE_URL: write it as https://" in said
    back = f"{url.strip('/') or 'x'}/twilio/status"
    said = refused(monkeypatch, **own, **ACCOUNT, TWILIO_CALLBACK_URL=back)
    assert "VIGIL_ALERTS_TWILIO_CALLBACK_URL: write it as https://" in said


@pytest.mark.parametrize("port", ["0", "-1", "65536", "smtp"])
def test_a_port_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str], port: str
) -> None:
    assert "VIGIL_ALERTS_SMTP_PORT" in refused(monkeypatch, **own, SMTP_PORT=port)
