"""Whatever is written to a topic, no reader of it ends, and nothing goes in silence.

A seed that once found something is kept in ``SEEDS``.
"""

from pathlib import Path
from random import Random
from typing import Final

import pytest

from producers.setting_aside import MOST_REASON_BYTES, shortened
from producers.validation import verdict
from tests.fuzz.mutations import NOW_MS, message_of
from tests.fuzz.readers import READERS, Reader

SEEDS: Final = (1,)
BATCH: Final = 500
LEAST: Final = 200_000
CAUGHT: Final = ("unreadable", "not_stored", "not_folded")
"""What a reader says that was saved by its net: the contract should have said it."""


def test_there_are_enough_messages() -> None:
    assert sum(reader.messages for reader in READERS) * len(SEEDS) >= LEAST


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_message_ends_a_reader_or_is_set_aside_without_a_reason(
    reader: Reader, seed: int, tmp_path: Path
) -> None:
    draw = Random(f"{reader.name} {seed}")  # noqa: S311 - not for secrets
    used = 0
    with reader.open(tmp_path) as read:
        for number in range(reader.messages // BATCH):
            topic = reader.topics[number % len(reader.topics)]
            payloads = [message_of(topic, draw) for _ in range(BATCH)]
            reasons = read(topic, payloads)
            assert len(reasons) == len(payloads)
            for payload, reason in zip(payloads, reasons, strict=True):
                is_used = verdict(topic, payload, NOW_MS).message is not None
                assert is_used or reason, payload[:2_000]
                assert not reason.startswith(CAUGHT), payload[:2_000]
                assert reason == shortened(reason, MOST_REASON_BYTES)
                used += is_used
    assert reader.messages // 4 < used < reader.messages * 3 // 4
