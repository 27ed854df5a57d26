"""Messages taken in one by one: whatever one of them is, the next one is taken in too.

What cannot be used is counted by topic, and named in the log by where it lies, never
by what it says: the bytes are in the broker, and jobs write them to ``rejected``.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

from gateway.messages import Arrived
from gateway.ward import Ward

LOG_EVERY_S: Final = 10.0
"""A flood of nonsense must not become a flood of lines."""

logger = logging.getLogger(__name__)


class Intake:
    """The way from the broker into a ward."""

    def __init__(self, ward: Ward, now_s: Callable[[], float] = monotonic) -> None:
        """Have taken in nothing yet; ``now_s`` only paces the log."""
        self.unusable: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._ward = ward
        self._now_s = now_s
        self._logged_s: dict[str, float] = {}

    def take(self, messages: Iterable[Arrived]) -> None:
        """Take in each message; none of them keeps another out."""
        for each in messages:
            try:
                reasons = self._ward.take(each)
            except Exception:
                self.failed[each.topic_name] += 1
                logger.exception("set aside: %s stopped the page's reader", each.place)
            else:
                if reasons:
                    self._count(each, reasons)

    def _count(self, unusable: Arrived, reasons: tuple[str, ...]) -> None:
        topic = unusable.topic_name
        self.unusable[topic] += 1
        now_s = self._now_s()
        if now_s - self._logged_s.get(topic, -LOG_EVERY_S) >= LOG_EVERY_S:
            self._logged_s[topic] = now_s
            kind = reasons[-1].split(":")[0]
            count = self.unusable[topic]
            logger.warning(
                "not usable: %s (%s), %d so far", unusable.place, kind, count
            )
