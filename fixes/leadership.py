"""Which of several services of fixes decides: one at a time, chosen by the broker.

All join a consumer group that reads nothing. Whoever is given the first partition of
``wishes`` leads. The broker gives it to another when nothing was heard of the leader
for six seconds. A leader that was paused meanwhile cannot know that yet, so it trusts
its lead for less than that since it last asked.
"""

import logging
import time
from dataclasses import dataclass, field
from typing import Any, Final

from confluent_kafka import Consumer, TopicPartition

from fixes.broker import QUIET
from producers.contract import WISHES

logger = logging.getLogger(__name__)

GROUP: Final = "fixes-leader"
SESSION_S: Final = 6.0
"""The least that a broker grants by default."""
TRUSTED_S: Final = 4.0


class LostError(Exception):
    """Another service leads by now: what was decided here must not be written."""


@dataclass(slots=True)
class Leadership:
    """The place of one service among several."""

    brokers: str
    _leads: bool = field(default=False, init=False)
    _asked_s: float = field(default=0.0, init=False)
    _consumer: Any = field(init=False)

    def __post_init__(self) -> None:
        """Join the group; who leads is known some time later."""
        self._consumer = Consumer(
            {
                "bootstrap.servers": self.brokers,
                "group.id": GROUP,
                "session.timeout.ms": round(1000 * SESSION_S),
                "heartbeat.interval.ms": 1_000,
                "partition.assignment.strategy": "range",
                "enable.auto.commit": False,
                "auto.offset.reset": "latest",
                "topic.metadata.refresh.interval.ms": 2_000,  # it may be made later
                **QUIET,
            }
        )
        self._consumer.subscribe(
            [WISHES.name],
            on_assign=self._on_assign,
            on_revoke=self._on_revoke,
            on_lost=self._on_revoke,
        )

    def ask(self) -> bool:
        """Return whether this service leads, as far as the broker has said."""
        self._consumer.poll(0)
        self._asked_s = time.monotonic()
        return self._leads

    def demand(self) -> None:
        """Return if this service may still write what it decided.

        Raises
        ------
        LostError
            Another leads, or may do so, for too long has passed since it was asked.
        """
        if not self._leads or time.monotonic() - self._asked_s > TRUSTED_S:
            msg = "another service of fixes leads by now"
            raise LostError(msg)

    def close(self) -> None:
        """Leave the group, so that another leads at once."""
        self._consumer.close()

    def _on_assign(self, consumer: Any, parts: list[TopicPartition]) -> None:  # noqa: ANN401 - untyped library
        consumer.assign(parts)
        consumer.pause(parts)  # it is the place that counts, not what is read
        self._become(leader=any(part.partition == 0 for part in parts))

    def _on_revoke(self, _consumer: object, _parts: object) -> None:
        self._become(leader=False)

    def _become(self, *, leader: bool) -> None:
        if leader != self._leads:
            logger.info("leading" if leader else "not leading any more")
        self._leads = leader
