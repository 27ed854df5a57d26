"""What a message says. Pure.

An SMS shows on a locked telephone: it holds bed or pseudonym, severity, what to
do and a link, and never a pattern's name, which may be a diagnosis.
"""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.links import Links
from alerts.model import StepKind
from alerts.notice_table import Notice
from alerts.notices import instant
from cep_patterns.pattern import Kind, Severity

WHAT_TO_DO: Final = {
    (Kind.CLINICAL, Severity.HIGH): "Go to the patient now.",
    (Kind.CLINICAL, Severity.MEDIUM): "See the patient soon.",
    (Kind.CLINICAL, Severity.LOW): "See the patient on your next round.",
    (Kind.TECHNICAL, Severity.HIGH): "Check the equipment now.",
    (Kind.TECHNICAL, Severity.MEDIUM): "Check the equipment soon.",
    (Kind.TECHNICAL, Severity.LOW): "Check the equipment on your next round.",
}

WHAT_HAPPENED: Final = {
    StepKind.RAISED: "",
    StepKind.WORSENED: "It has become more urgent.",
    StepKind.RETURNED: "It has come back.",
    StepKind.ESCALATED: "Nobody has acknowledged.",
    StepKind.REPEATED: "Still nobody has acknowledged.",
    StepKind.UNREACHED: "Nobody else could be reached.",
    StepKind.LAPSED: "Acknowledged, but not over.",
    StepKind.UNSHELVED: "No longer shelved, and not over.",
    StepKind.CLEARED: "It is over.",
}

_templates = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Message:
    """Notices to one person by one channel, the most urgent first."""

    message_id: str
    channel: str
    recipient: str
    address: str
    notices: tuple[Notice, ...]
    time_zone: str
    links: Links

    @property
    def subject(self) -> str:
        """Bed or pseudonym and severity."""
        first = self.notices[0]
        more = f" and {len(self.notices) - 1} more" if len(self.notices) > 1 else ""
        return f"{first.severity.upper()} {first.place}{more}"

    @property
    def short(self) -> str:
        """The text of an SMS."""
        if len(self.notices) == 1:
            (notice,) = self.notices
            end = "" if notice.phase is StepKind.CLEARED else f" {self.link(notice)}"
            return f"{self.subject}: {said(notice)}{end}"
        places = ", ".join(dict.fromkeys(each.place for each in self.notices))
        page = f"{self.links.page_url.rstrip('/')}/?m={self.message_id[:8]}"
        return f"{len(self.notices)} notices: {places}. Look at the page. {page}"

    def link(self, notice: Notice) -> str:
        """Return where the alarm of one notice is acknowledged."""
        return self.links.acknowledgement(notice)

    def rendered(self, form: str) -> str:
        """Return the text of an e-mail, as ``txt`` or ``html``."""
        template = _templates.get_template(f"message.{form}")
        return template.render(message=self, said=said, at=self._at)

    def _at(self, ms: int) -> str:
        local = instant(ms).astimezone(ZoneInfo(self.time_zone))
        return f"{local:%Y-%m-%d %H:%M:%S %Z}"


def said(notice: Notice) -> str:
    """Return what happened and what to do, in words that name no condition."""
    happened = WHAT_HAPPENED[notice.phase]
    if notice.phase is StepKind.CLEARED:
        return happened
    return f"{WHAT_TO_DO[notice.kind, notice.severity]} {happened}".strip()
