"""The Python function that a query calls to judge messages of the topic ``eeg``.

``producers.validation`` judges the columns; whether the samples are what the columns
say is seen by taking them apart, as the scorer does.
"""

import logging

import pandas as pd
from pyflink.table import DataTypes
from pyflink.table.udf import ScalarFunction, UserDefinedScalarFunctionWrapper, udf

from eeg.packets import PacketError, unpacked
from jobs.store import Texts, arrived_ms
from producers.contract import EEG
from producers.setting_aside import shortened
from producers.validation import Message, verdict

logger = logging.getLogger(__name__)


class JudgePackets(ScalarFunction):  # type: ignore[misc]  # PyFlink has no types
    """Says what is wrong with messages, given as they came."""

    def eval(self, payload: pd.Series, arrived: pd.Series) -> Texts:
        """Return for each message the reason why it cannot be used, or not wholly."""
        given = zip(payload, arrived_ms(arrived), strict=True)
        return pd.Series([_reason(each, at_ms) for each, at_ms in given], dtype=object)


def _reason(payload: bytes | None, at_ms: int) -> str | None:
    message, wrong = verdict(EEG, payload, at_ms)
    return shortened("; ".join((*wrong, *_packet(message)))) or None


def _packet(message: Message | None) -> tuple[str, ...]:
    """Return what is wrong with the samples of a message that is fine otherwise."""
    if message is None:
        return ()
    try:
        unpacked(*map(message.__getitem__, _PACKET))  # type: ignore[arg-type]
    except PacketError as error:
        return (str(error),)
    except Exception as error:
        logger.exception("a message of EEG cannot be taken apart")
        return (f"unreadable: {type(error).__name__}: {error}",)
    return ()


_PACKET = ("samples", "channels", "rate_hz", "uv_per_count")


def judge(function: JudgePackets) -> UserDefinedScalarFunctionWrapper:
    """Return ``function`` in the form that a table environment registers."""
    return udf(function, result_type=DataTypes.STRING(), func_type="pandas")
