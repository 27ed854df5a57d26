"""Python functions that a query calls to store rows in InfluxDB.

They are pandas functions: a batch of rows in, one request out, and for each row
the reason why it was not stored, or not wholly. They are declared
non-deterministic, because calling one twice is not calling it once.
"""

import os
from collections.abc import Mapping, Sequence
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
from jobs.validity import verdict
from producers.schema import Topic

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

    def _point(self, row: Mapping[str, Any]) -> str | None:
        return line(self._measurement, row, row[self._measurement.time])

    def _write(
        self, points: Sequence[str | None], reasons: Sequence[str | None]
    ) -> Texts:
        """Write the points there are; add to ``reasons`` those of the database."""
        written = [(row, point) for row, point in enumerate(points) if point]
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
        arrived_ms = arrived.to_numpy().astype("datetime64[ms]").astype(np.int64)
        points: list[str | None] = []
        reasons: list[str | None] = []
        for each, at_ms in zip(payload, arrived_ms.tolist(), strict=True):
            message, wrong = verdict(self._topic, each, at_ms)
            reason = "; ".join(wrong) or None
            reasons.append(reason)
            row = {**message, "unusable": reason} if message else None
            points.append(self._point(row) if row else None)
        return self._write(points, reasons)


class StoreRows(_Store):
    """Stores rows whose columns are the measurement's tags, time and fields."""

    def eval(self, *columns: pd.Series) -> Texts:
        """Store each row."""
        names = columns_of(self._measurement)
        values = [c.astype(object).where(c.notna(), None).tolist() for c in columns]
        points = [
            self._point(dict(zip(names, row, strict=True)))
            for row in zip(*values, strict=True)
        ]
        return self._write(points, [None] * len(points))


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
