"""Somebody outside hears every minute that alarms are served, and says when not.

A dead man's switch: who does not hear from us tells people, by a way of its own
(healthchecks.io and the like). So the end of this machine is noticed, too.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Final

import httpx

logger = logging.getLogger(__name__)

EVERY_S: Final = 60.0
AGAIN_S: Final = 5.0
"""While we are not well, or nobody hears us."""
ANSWER_S: Final = 10.0


@dataclass(slots=True)
class OutsideWatch:
    """Calls ``url`` as long as turns and the database work."""

    url: str
    is_alive: Callable[[], bool]
    every_s: float = EVERY_S
    again_s: float = AGAIN_S

    def run(self, stop: Event) -> None:
        """Call until ``stop``."""
        while not stop.is_set():
            stop.wait(self.every_s if self.heard() else self.again_s)

    def heard(self) -> bool:
        """Return whether somebody heard that we are well."""
        if not self.is_alive():
            return False
        try:
            with httpx.stream("GET", self.url, timeout=ANSWER_S) as answer:
                answer.raise_for_status()  # what else it says may have no end
        except httpx.HTTPStatusError as error:
            logger.warning("the outside watch answers %d", error.response.status_code)
            return False
        except Exception as error:  # noqa: BLE001 - nobody outside may end us
            # The address is a secret: whoever has it can say that we are well.
            logger.warning("the outside watch: %s", type(error).__name__)
            return False
        return True
