"""What is known of each patient every ten seconds, as SQL.

readings -> slots of 10 s of each device with a reading -> slots of the patient
         -> last known of each column -> observations

A *slot* is ten seconds of the clock. A patient has a row for each slot with a
reading of any of his devices, and none for the others: state and timers are one
a slot. Of each column a row has the latest value, counted in steps of its chart
and put back into its unit, however many slots ago it came, until it is older
than ``Input.max_age_s``: then it is missing. Ages are counted from the slot's
end, so a value is at most ten seconds younger than its age.

The latest value and its time are one BIGINT, so that the latest is a maximum:
``MAX(ts_ms * 4096 + steps)``. Where several devices have spoken in a slot, the latest
value of each counts. Of a sign it is the one further from ``cep_patterns.
devices_disagree.MIDDLE``, and none if they lie further apart than two sound devices
may; of states the least alert one, and oxygen rather than air.

What is built on slots (scores, trends, signs that must last for minutes) reads
this view and needs no state for values of its own.
"""

from typing import Final

from cep_patterns.devices_disagree import APART, MIDDLE
from cep_patterns.pattern import SLOT_S
from jobs.readings import READINGS
from jobs.sql import IN_TURN, interval
from producers.contract import VITALS
from producers.schema import Column
from scores.chart import Input
from scores.inputs import (
    CONSCIOUSNESS,
    CONTINUOUS_S,
    HEART_RATE,
    ON_OXYGEN,
    RESPIRATORY_RATE,
    SPO2,
    SPOT_CHECK_S,
    SYSTOLIC,
    TEMPERATURE,
)

OBSERVATIONS: Final = "observations"
"""The view; :func:`observations_view` says what its columns are."""

SLOT_MS: Final = SLOT_S * 1000

DIASTOLIC: Final = Input(column="diastolic_mmhg", max_age_s=SPOT_CHECK_S)
PULSE_RATE: Final = Input(column="pulse_rate_bpm", max_age_s=CONTINUOUS_S)
ACTIVITY: Final = Input(column="activity", max_age_s=60)

OBSERVED: Final = (
    RESPIRATORY_RATE,
    SPO2,
    HEART_RATE,
    PULSE_RATE,
    SYSTOLIC,
    DIASTOLIC,
    TEMPERATURE,
    ON_OXYGEN,
    CONSCIOUSNESS,
    ACTIVITY,
)
"""Every column of the view: those that scores read, and three for patterns."""

STEPS: Final = 4096
"""More steps than any plausible value has; above them, the time."""

_DISPUTED: Final = STEPS - 1
"""The steps of a sign whose devices differ too much to believe one."""

_WORST: Final = (ON_OXYGEN, CONSCIOUSNESS)
"""States of which the worst counts that any device has said."""

_COLUMN: Final = {column.name: column for column in VITALS.columns}


def observations_view() -> str:
    """Return the DDL of the view of what is known at the end of each slot.

    Columns: patient_id; ts (the slot's window_time, the row's event time);
    ts_ms (the slot's end); turn (``IN_TURN``); and for each Input of OBSERVED its
    ``<column>``, NULL where it is missing or too old, and ``<column>_age_s``,
    which is there also where the value is too old. Numbers are DOUBLE, in their
    unit and rounded to the Input's decimals; ``consciousness`` and ``on_oxygen``
    are as on the wire. Of the signs of APART also ``<column>_disputed``: 1 while
    they are missing because devices disagree, else 0.
    """
    known = ", ".join(
        f"{_value(read)} AS {read.column}, {_age_ms(read)} / 1000E0 AS {age_s(read)}"
        for read in OBSERVED
    )
    known += "".join(
        f", CASE WHEN {_is_fresh(r)} AND {_steps_of(r)} = {_DISPUTED}"
        f" THEN 1 ELSE 0 END AS {disputed(r)}"
        for r in OBSERVED
        if r.column in APART
    )
    latest = ", ".join(f"MAX({r.column}) OVER w AS {_packed(r)}" for r in OBSERVED)
    return f"""
        CREATE TEMPORARY VIEW {OBSERVATIONS} AS
        SELECT patient_id, ts, ts_ms, turn, {known}
        FROM (
            SELECT patient_id, ts, ts_ms, turn, {latest}
            FROM (SELECT *, {IN_TURN} FROM ({_slots()}))
            WINDOW w AS (PARTITION BY patient_id ORDER BY turn)
        )
    """


def age_s(read: Input) -> str:
    """Return the column that holds the age of what ``read`` reads."""
    return f"{read.column}_age_s"


def disputed(read: Input) -> str:
    """Return the column that is 1 while devices disagree about what ``read`` reads."""
    return f"{read.column}_disputed"


def _slots() -> str:
    """Return the query for the slots of patients, from what each device said last."""
    columns = ", ".join(f"{_of_all(read)} AS {read.column}" for read in OBSERVED)
    return f"""
        SELECT patient_id, window_time AS ts,
               MAX(ts_ms) / {SLOT_MS} * {SLOT_MS} + {SLOT_MS} AS ts_ms, {columns}
        FROM ({_slots_of_devices()})
        GROUP BY patient_id, window_start, window_end, window_time
    """


def _of_all(read: Input) -> str:
    """Return what all devices together say, over the latest of each."""
    latest = f"MAX({read.column})"
    if read.column not in APART and read not in _WORST:
        return latest
    steps = f"MOD({read.column}, {STEPS})"
    most, least = f"MAX({steps})", f"MIN({steps})"
    if read in _WORST:
        return f"{latest} / {STEPS} * {STEPS} + {most}"
    in_steps = 10**read.decimals
    allowed = round(APART[read.column] * in_steps)
    twice_middle = round(2 * MIDDLE[read.column] * in_steps)
    return f"""{latest} / {STEPS} * {STEPS} + CASE
        WHEN {most} = {least} THEN {most}
        WHEN {most} - {least} > {allowed} THEN {_DISPUTED}
        WHEN {most} + {least} > {twice_middle} THEN {most} ELSE {least} END"""


def _slots_of_devices() -> str:
    latest = ", ".join(
        f"MAX(ts_ms * {STEPS} + {_steps(read)}) AS {read.column}" for read in OBSERVED
    )
    return f"""
        SELECT patient_id, device_id, window_start, window_end, window_time,
               MAX(ts_ms) AS ts_ms, {latest}
        FROM TABLE(TUMBLE(TABLE {READINGS}, DESCRIPTOR(ts), {interval(SLOT_MS)}))
        GROUP BY patient_id, device_id, window_start, window_end, window_time
    """


def _steps(read: Input) -> str:
    """Return the value of a reading as a whole number below STEPS."""
    column = _COLUMN[read.column]
    if column.sql_type == "DOUBLE":
        return _whole_steps(column.name, read.decimals)
    cases = (f"WHEN {code} THEN {n}" for n, code in enumerate(_codes(column)))
    return f"CASE {column.name} {' '.join(cases)} END"


def _whole_steps(number: str, decimals: int) -> str:
    """Return ``number`` in steps, as ``scores.rounding`` counts them.

    Decimals cost time and matter only next to a half; elsewhere a DOUBLE, wrong
    in its 16th digit, and what the first of the two roundings can move come to
    the same step.
    """
    steps = f"{number} * {10**decimals}"
    apart = f"ABS({steps} - FLOOR({steps}) - 0.5E0)"
    exact = f"ROUND(CAST({number} AS DECIMAL(10, 4)), {decimals}) * {10**decimals}"
    return f"""CASE WHEN {apart} > {10**decimals / 10_000}E0
        THEN CAST(FLOOR({steps} + 0.5E0) AS INT) ELSE CAST({exact} AS INT) END"""


def _value(read: Input) -> str:
    """Return the value in its unit; nothing where it is too old, or disputed."""
    agreed = f" AND {_steps_of(read)} < {_DISPUTED}" * (read.column in APART)
    return f"CASE WHEN {_is_fresh(read)}{agreed} THEN {_unpacked(read)} END"


def _is_fresh(read: Input) -> str:
    return f"{_age_ms(read)} <= {read.max_age_s * 1000}"


def _steps_of(read: Input) -> str:
    return f"MOD({_packed(read)}, {STEPS})"


def _unpacked(read: Input) -> str:
    column = _COLUMN[read.column]
    steps = _steps_of(read)
    if column.sql_type == "DOUBLE":
        return f"{steps} / {10**read.decimals}E0"
    cases = (f"WHEN {n} THEN {code}" for n, code in enumerate(_codes(column)))
    return f"CASE {steps} {' '.join(cases)} END"


def _age_ms(read: Input) -> str:
    return f"(ts_ms - {_packed(read)} / {STEPS})"


def _packed(read: Input) -> str:
    return f"{read.column}_packed"


def _codes(column: Column) -> tuple[str, ...]:
    """Return what a column can say, as SQL, the worse the later."""
    if column.sql_type == "BOOLEAN":
        return ("FALSE", "TRUE")
    return tuple(f"'{text}'" for text in column.one_of)
