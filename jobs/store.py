"""Python functions that a query calls to store rows in InfluxDB.

They are pandas functions: a batch of rows in, one request out, and for each row
the reason why it was not stored, or not wholly. They are declared
non-deterministic, because calling one twice is not calling it once.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from pyflink.table import DataTypes
from pyflink.table.udf import (
    FunctionContext,
    ScalarFunction,
    UserDefinedScalarFunctionWrapper,
    udf,
)

from jobs.influx import Writer, line
from jobs.measurements import Measurement
from jobs.settings import JobSettings
from producers.schema import Topic
from producers.validation import Message, verdict

Texts: TypeAlias = "pd.Series[str]"

YIELDS: Final = 10
"""How far a process that stores gives way to those that find alarms (nice)."""


class _Store(ScalarFunction):  # type: ignore[misc]  # PyFlink has no types
    def __init__(self, measurement: Measurement, settings: JobSettings) -> None:
        self._measurement = measurement
        self._settings = settings

    def open(self, function_context: FunctionContext) -> None:  # noqa: ARG002
        os.nice(max(0, YIELDS - os.nice(0)))  # a worker may open more than once
        self._writer = Writer(self._settings, self._measurement.bucket.name)

    def close(self) -> None:
        self._writer.close()

    def is_deterministic(self) -> bool:
        return False

    def _points(self, row: Mapping[str, Any]) -> list[str]:
        return list(points_of(self._measurement, row))

    def _write(
        self, points: Sequence[Sequence[str]], reasons: Sequence[str | None]
    ) -> Texts:
        """Write the points of each row; add to ``reasons`` those of the database."""
        written = [(row, point) for row, those in enumerate(points) for point in those]
        refused = self._writer.write([point for _, point in written])
        said = dict(enumerate(reasons))
        for index, reason in refused.items():
            row, _ = written[index]
            said[row] = "; ".join(filter(None, (said[row], reason)))
        return pd.Series(said, dtype=object)


class StoreMessages(_Store):
    """Stores messages, given as they came: bytes, and when they arrived."""

    def __init__(
        self, topic: Topic, measurement: Measurement, settings: JobSettings
    ) -> None:
        """Say what the messages are, and where they go."""
        super().__init__(measurement, settings)
        self._topic = topic

    def eval(self, payload: pd.Series, arrived: pd.Series) -> Texts:
        """Store what can be used of each message."""
        points: list[list[str]] = []
        reasons: list[str | None] = []
        for each, at_ms in zip(payload, arrived_ms(arrived), strict=True):
            message, wrong = verdict(self._topic, each, at_ms)
            reason = "; ".join(wrong) or None
            reasons.append(reason)
            row = {**_flat(message), "unusable": reason} if message else None
            points.append(self._points(row) if row else [])
        return self._write(points, reasons)


class StoreRows(_Store):
    """Stores rows whose columns are the measurement's tags, time and fields."""

    def eval(self, *columns: pd.Series) -> Texts:
        """Store each row."""
        names = columns_of(self._measurement)
        values = [c.astype(object).where(c.notna(), None).tolist() for c in columns]
        points = [
            self._points(dict(zip(names, row, strict=True)))
            for row in zip(*values, strict=True)
        ]
        return self._write(points, [None] * len(points))


def points_of(measurement: Measurement, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``row`` as points: its own, and one for each entry of its lists."""
    ts_ms: int = row[measurement.time]
    if point := line(measurement, row, ts_ms):
        yield point
    listed = measurement.listed
    if listed and ts_ms // 1000 % (listed.every_ms // 1000) == 0:
        lists = {name: row[of] for of, name in listed.columns.items() if of in row}
        tags = {tag: row[tag] for tag in listed.measurement.tags if tag in row}
        for entry in zip(*lists.values(), strict=False):
            each = tags | dict(zip(lists, entry, strict=True))
            if point := line(listed.measurement, each, ts_ms):
                yield point


def arrived_ms(arrived: pd.Series) -> list[int]:
    """Return when messages arrived, in ms since 1970."""
    ms: list[int] = (
        arrived.to_numpy().astype("datetime64[ms]").astype(np.int64).tolist()
    )
    return ms


def _flat(message: Message) -> Message:
    """Return ``message`` with what stands in maps beside the rest: pulse_lowest."""
    flat: Message = {}
    for column, value in message.items():
        if not isinstance(value, dict):
            flat[column] = value
            continue
        for name, row in value.items():
            flat.update({f"{name}_{field}": each for field, each in row.items()})
    return flat


def columns_of(measurement: Measurement) -> tuple[str, ...]:
    """Return the columns that :class:`StoreRows` takes, in order."""
    return (*measurement.tags, measurement.time, *measurement.fields)


def store(function: _Store) -> UserDefinedScalarFunctionWrapper:
    """Return ``function`` in the form that a table environment registers."""
    return udf(
        function,
        result_type=DataTypes.STRING(),
        func_type="pandas",
        deterministic=False,
    )
