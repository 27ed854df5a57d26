"""What is set aside fits the topic that takes it, and says what it was."""

import hashlib
from typing import Any, Final

import pytest
from pyflink.table import DataTypes

from jobs.eeg_judging import JudgePackets, judge
from jobs.in_process import local_environment
from jobs.messages import rejected_messages
from producers.contract import EEG, REJECTED
from producers.schema import MOST_MESSAGE_BYTES
from producers.setting_aside import MOST_REASON_BYTES, set_aside

pytestmark = pytest.mark.flink

LONG = b'{"samples": "' + bytes(range(32, 256)) * 6_000 + b'"}'
MANY_FAULTS = b'{"channels": [' + b"0," * 200 + b'0], "ts_ms": "' + b"1" * 999 + b'"}'
MESSAGES: Final[dict[bytes | None, bytes]] = {
    b"short": b"\x00\xff\r\n",
    b"many faults": MANY_FAULTS,
    b"long": LONG,
    b"k" * 5_000: b"a long key",
    None: b"",
}


@pytest.fixture(scope="module")
def kept() -> list[tuple[Any, Any, dict[str, Any]]]:
    """Return what a job writes to ``rejected`` of ``MESSAGES``."""
    t_env = local_environment()
    rows = [
        (key and bytearray(key), bytearray(payload), 3, offset)
        for offset, (key, payload) in enumerate(MESSAGES.items())
    ]
    given = t_env.from_elements(
        rows,
        DataTypes.ROW(
            [
                DataTypes.FIELD("message_key", DataTypes.BYTES()),
                DataTypes.FIELD("payload", DataTypes.BYTES()),
                DataTypes.FIELD("source_partition", DataTypes.INT()),
                DataTypes.FIELD("source_offset", DataTypes.BIGINT()),
            ]
        ),
    )
    t_env.create_temporary_view("given", given)
    t_env.execute_sql("""
        CREATE TEMPORARY VIEW eeg_bytes AS
        SELECT *, TO_TIMESTAMP_LTZ(source_offset, 3) AS arrived FROM given
    """)
    query = rejected_messages(t_env, EEG, "judge_eeg", judge(JudgePackets()))
    with t_env.execute_sql(query).collect() as found:
        return [_in_bytes(*row) for row in found]


def _in_bytes(
    key: bytearray | None, value: bytearray, headers: dict[str, bytearray]
) -> tuple[Any, Any, dict[str, Any]]:
    return key and bytes(key), bytes(value), {k: bytes(v) for k, v in headers.items()}


def test_every_message_is_set_aside_as_python_readers_do(
    kept: list[tuple[Any, Any, dict[str, Any]]],
) -> None:
    assert len(kept) == len(MESSAGES)
    for key, value, headers in kept:
        offset = int(headers["source_offset"].decode())
        given_key, payload = [*MESSAGES.items()][offset]
        expected = set_aside(
            reason=headers["reason"].decode(),
            topic="eeg",
            partition=3,
            offset=offset,
            key=given_key,
            payload=payload,
        )
        assert (key, value) == (expected.key, expected.value)
        assert headers == dict(expected.headers)


def test_what_is_set_aside_fits_the_topic(
    kept: list[tuple[Any, Any, dict[str, Any]]],
) -> None:
    for key, value, headers in kept:
        size = len(key or b"") + len(value) + sum(map(len, headers.values()))
        assert size < REJECTED.max_bytes - MOST_MESSAGE_BYTES // 2
        assert len(headers["reason"]) <= MOST_REASON_BYTES


def test_of_a_message_that_is_too_long_length_and_hash_are_kept(
    kept: list[tuple[Any, Any, dict[str, Any]]],
) -> None:
    [headers] = [h for key, _, h in kept if key == b"long"]
    assert int(headers["payload_bytes"]) == len(LONG)
    assert headers["payload_sha256"].decode() == hashlib.sha256(LONG).hexdigest()
