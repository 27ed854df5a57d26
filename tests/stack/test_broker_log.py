"""The broker's log tells what the broker does: an empty one hides why it died."""

import re
from pathlib import Path

import pytest

from stack.paths import Paths
from stack.waiting import until
from tests.broker import broker

LINE = re.compile(r"(?m)^[\d-]{10} [\d:,]{12} INFO  .*started.* \(kafka\.server\.")


@pytest.mark.system
def test_the_broker_says_in_its_log_that_it_started(tmp_path: Path) -> None:
    log = Paths(tmp_path).log("kafka")
    with broker(tmp_path):
        until(
            lambda: bool(LINE.search(log.read_text(encoding="utf-8"))),
            otherwise=lambda: f"no such line in: {log.read_text(encoding='utf-8')!r}",
        )
    assert "SLF4J" not in log.read_text(encoding="utf-8")
