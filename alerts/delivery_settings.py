"""How messages leave, read once from the environment; what is not set stays local."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.email import MailServer, Security
from alerts.link_key import LEAST
from alerts.people import People
from alerts.sms import STATUS_PATH, Twilio
from producers.refused_settings import refused
from producers.secrecy import EXAMPLE, OWN, files, own
from producers.transport import is_loopback

FOLDER: Final = Path(__file__).resolve().parent
FICTITIOUS: Final = FOLDER / "people.example.yaml"
NOTHING: Final = SecretStr("")


class DeliverySettings(BaseSettings):
    """The people's file, providers, and the page that links lead to."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_ALERTS_",
        env_file=(EXAMPLE, OWN),
        frozen=True,
        extra="ignore",
    )

    people: Path = FICTITIOUS
    page_url: str = "http://127.0.0.1:8090"
    link_key: Annotated[SecretStr, AfterValidator(own)] = NOTHING

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = NOTHING
    smtp_ca_file: str = ""
    mail_from: str = "vigil@localhost"
    mails_per_s: float = Field(default=50, gt=0)

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = NOTHING
    twilio_sender: str = ""
    twilio_callback_url: str = ""
    twilio_url: str = "https://api.twilio.com"
    sms_per_s: float = Field(default=10, gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse an account that could not send."""
        needed = {"auth_token": self.twilio_auth_token, "sender": self.twilio_sender}
        if self.twilio_account_sid:
            missing = [f"twilio_{name}" for name, value in needed.items() if not value]
            if missing:
                names = " and ".join(missing)
                msg = f"VIGIL_ALERTS: twilio_account_sid needs {names}, too"
                raise ValueError(msg)
        if wrong := list(self._wrong()):
            raise ValueError("; ".join(wrong))
        return self

    def _wrong(self) -> Iterator[str]:
        """Yield what would go in clear, or lead nowhere, and what to do about it."""
        host = self.smtp_host
        if self.smtp_security == "none" and host and not is_loopback(host):
            yield (
                "VIGIL_ALERTS_SMTP_SECURITY: none sends alarms and password in clear to"
                f" {host}: set starttls or tls"
            )
        called, back = urlsplit(self.twilio_url), self.twilio_callback_url
        if called.scheme != "https" and not is_loopback(called.hostname or ""):
            yield (
                "VIGIL_ALERTS_TWILIO_URL: begin with https:// (with http:// on this"
                f" machine alone), and not {self.twilio_url}"
            )
        if back and not back.endswith(STATUS_PATH):
            yield (
                f"VIGIL_ALERTS_TWILIO_CALLBACK_URL: {back} leads nowhere, the page"
                f" answers at …{STATUS_PATH}: leave it empty, or end it so"
            )
        for name, url in (("PAGE_URL", self.page_url), ("TWILIO_CALLBACK_URL", back)):
            if not _is_address(url) and (url or name == "PAGE_URL"):
                yield (
                    f"VIGIL_ALERTS_{name}: write it as https://ward.example.org (or"
                    f" http://…): no telephone can open {url!r}"
                )
        key = self.link_key.get_secret_value()
        if key and len(key) < LEAST:
            yield (
                f"VIGIL_ALERTS_LINK_KEY: give {LEAST} characters or more, or leave it"
                " empty: then one is made and kept"
            )

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings, or end with one line that names all that is wrong."""
        try:
            settings = cls(_env_file=files())
        except ValidationError as error:
            msg = f"settings: {refused(error, 'VIGIL_ALERTS_')}"
            raise SystemExit(msg) from None
        if wrong := settings.nowhere():
            msg = f"settings: {wrong}"
            raise SystemExit(msg)
        return settings

    def nowhere(self) -> str:
        """Return why messages would reach nobody, and what to do; or nothing."""
        providers = [
            name
            for name, is_set in (
                ("VIGIL_ALERTS_SMTP_HOST", self.smtp_host),
                ("VIGIL_ALERTS_TWILIO_ACCOUNT_SID", self.twilio_account_sid),
            )
            if is_set
        ]
        if providers and _is_example(self.people):
            return (
                f"{' and '.join(providers)} would reach the people of the example, who"
                " do not exist: name your own file in VIGIL_ALERTS_PEOPLE"
            )
        real = self.twilio_account_sid and not is_loopback(_host(self.twilio_url))
        if real and is_loopback(_host(self.page_url)):
            return (
                f"VIGIL_ALERTS_PAGE_URL: neither telephones nor Twilio can open"
                f" {self.page_url}: set the page's address as they know it"
            )
        return ""

    def reaches_nobody(self, people: People) -> bool:
        """Return whether people are named, and no channel by which to reach one.

        The fictitious people of the example need not be reached.
        """
        is_set_up = {
            "email": bool(self.smtp_host),
            "sms": bool(self.twilio_account_sid),
        }
        ways = people.channel_names()
        named = self.people.resolve() != FICTITIOUS.resolve()
        return named and not any(is_set_up.get(each, True) for each in ways)

    def mail_server(self) -> MailServer | None:
        """Return where mail goes; None: nowhere."""
        if not self.smtp_host:
            return None
        return MailServer(
            host=self.smtp_host,
            port=self.smtp_port,
            sender=self.mail_from,
            security=self.smtp_security,
            user=self.smtp_user,
            password=self.smtp_password,
            ca_file=self.smtp_ca_file or None,
        )

    @property
    def _own_callback_url(self) -> str:
        """Where the page hears what became of an SMS, if Twilio can reach the page."""
        here = is_loopback(_host(self.page_url))
        return "" if here else f"{self.page_url.rstrip('/')}{STATUS_PATH}"

    def twilio(self) -> Twilio | None:
        """Return the account that SMS go through; None: none."""
        if not self.twilio_account_sid:
            return None
        return Twilio(
            account_sid=self.twilio_account_sid,
            auth_token=self.twilio_auth_token,
            sender=self.twilio_sender,
            callback_url=self.twilio_callback_url or self._own_callback_url,
            url=self.twilio_url,
        )


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_web and url.isprintable() and " " not in url


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_example(people: Path) -> bool:
    """Return whether a file is the example, or an unchanged copy of it."""
    try:
        return people.read_bytes() == FICTITIOUS.read_bytes()
    except OSError:
        return False
