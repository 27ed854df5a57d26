"""What is looked up every few seconds: open alarms, and whether anybody serves them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from alerts.model import Alarm

Weight = Literal["grave", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Banner:
    """What everybody at the page must know; what is grave in large letters."""

    text: str
    weight: Weight = "grave"
    since_ms: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found; ``alarms`` None: the database did not say which are open."""

    alarms: Sequence[Alarm] | None = None
    banners: tuple[Banner, ...] = ()


def nothing_to_look_at() -> Look:
    """Return what is found where there is no database."""
    return Look()
