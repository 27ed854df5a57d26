"""Fixtures shared by all tests."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from tests.streams import Message, assert_known_columns, readings, seconds, write_lines


class Found(NamedTuple):
    """What a test says of a match; times are in seconds."""

    phase: str
    patient: object
    started: float | None
    ended: float | None
    observed: object


Detect = Callable[[Pattern, str | Sequence[Message]], list[Found]]


@pytest.fixture
def detect(tmp_path: Path) -> Detect:
    """Run one pattern over a stream; an end of the file is a long calm.

    The whole catalogue runs, as in the job, so that patterns prove not to
    disturb one another; the matches of one of them are returned.
    """

    def run(pattern: Pattern, stream: str | Sequence[Message]) -> list[Found]:
        from jobs.in_process import matches_in  # noqa: PLC0415 - it takes seconds

        messages = readings(stream) if isinstance(stream, str) else list(stream)
        assert_known_columns(messages)
        path = write_lines(messages, tmp_path / "vitals.jsonl")
        return [
            Found(
                str(match["phase"]),
                match["patient_id"],
                seconds(match["started_ms"]),
                seconds(match["ended_ms"]),
                match["observed"],
            )
            for match in matches_in(path, CATALOGUE)
            if match["pattern_name"] == pattern.name
        ]

    return run
