"""Telemetry beside the fix that is in force, and what it says of it, as SQL.

``digital_twin.shadow.expectation`` says the same of a twin.
"""

from typing import Final

from jobs.demands import demands
from jobs.sql import interval
from jobs.tables import table_of
from producers.contract import DEVICE_STATUS, PROOFS, VERDICTS

SLOT_MS: Final = 5_000
"""Readings are summed up in slots of so long, before anything is compared."""
FORGOTTEN_MS: Final = 600_000
"""So long behind its window nobody waits for telemetry any more."""

_SLOTS: Final = "device_slots"
_FIXES: Final = "applied_fixes"
_SIGNALS: Final = ("spo2_pct", "heart_rate_bpm")
_SO_FAR: Final = """(
    PARTITION BY command_id ORDER BY ts
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"""

_SUMS: Final = {
    "readings": "COUNT({0})",
    "total": "SUM({0})",
    "squares": "SUM({0} * {0}) - SUM({0}) * SUM({0}) / NULLIF(COUNT({0}), 0)",
}
"""What is kept of a signal in a slot; squares are of what deviates from its mean."""


def views() -> tuple[str, ...]:
    """Return the DDL of the views. Tables and the view ``readings`` must exist."""
    return _slots_view(), _fixes_view()


def _slots_view() -> str:
    """Return each device's slots, all readings of a ward: nothing else sees so many."""
    sums = ", ".join(
        f"{sum_of.format(signal)} AS {name}_{signal}"
        for signal in _SIGNALS
        for name, sum_of in _SUMS.items()
    )
    return f"""
        CREATE TEMPORARY VIEW {_SLOTS} AS
        SELECT patient_id, device_id, window_time AS ts,
               MAX(ts_ms) / {SLOT_MS} * {SLOT_MS} AS begins_ms, {sums}
        FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(ts), {interval(SLOT_MS)}))
        GROUP BY patient_id, device_id, window_start, window_end, window_time
    """


def _fixes_view() -> str:
    """Return the latest applied fix of each patient, as a table with versions.

    One patient has one at a time: the desk sees to that, because a device that is
    being fixed is no reference for another.
    """
    return f"""
        CREATE TEMPORARY VIEW {_FIXES} AS
        SELECT ts, patient_id, device_id, command_id, signal_name, statistic,
               lowest, highest, window_s, boot_before, desired_firmware,
               applied_ms + CAST(settle_s * 1000 AS BIGINT) AS from_ms,
               applied_ms + CAST((settle_s + window_s) * 1000 AS BIGINT) AS to_ms
        FROM (
            SELECT *, ROW_NUMBER()
                OVER (PARTITION BY patient_id ORDER BY ts DESC) AS newest
            FROM {table_of(PROOFS)}
            WHERE state = 'applied' AND {demands(PROOFS)}
        )
        WHERE newest = 1
    """


def from_slots() -> str:
    """Return the query for verdicts by readings.

    The first slot behind the window gives it, whichever device it is of: so one
    that has fallen silent is found, as long as the other speaks.
    """
    return f"""
        SELECT {_VERDICT}
        FROM (
            SELECT *, fixed_id AS device_id, begins_ms + {SLOT_MS} AS ts_ms,
                   own_readings AS readings, other_readings AS reference_readings,
                   CASE statistic WHEN 'mean' THEN {_mean("own")} - {_mean("other")}
                   ELSE {_noise("own")} - {_noise("other")} END AS observed,
                   own_readings * 2 >= window_s
                       AND other_readings * 2 >= window_s AS enough
            FROM (
                SELECT command_id, fixed_id, patient_id, statistic, lowest, highest,
                       window_s, begins_ms, behind, {_sums_so_far()},
                       SUM(behind) OVER so_far AS behinds
                FROM ({_slots_beside_fixes()})
                WINDOW so_far AS {_SO_FAR}
            )
            WHERE behind = 1 AND behinds = 1
        )
    """


def _slots_beside_fixes() -> str:
    """Return the slots of all devices of a patient, in the window and behind it."""
    sums = ", ".join(f"{_of_signal(name)} AS {name}" for name in _SUMS)
    return f"""
        SELECT slot.ts, slot.patient_id, slot.begins_ms, {sums},
               slot.device_id = fix.device_id AS is_own, fix.device_id AS fixed_id,
               fix.command_id, fix.statistic, fix.lowest, fix.highest, fix.window_s,
               CASE WHEN slot.begins_ms + {SLOT_MS} > fix.to_ms
                    THEN 1 ELSE 0 END AS behind
        FROM {_SLOTS} AS slot
        JOIN {_FIXES} FOR SYSTEM_TIME AS OF slot.ts AS fix
        ON slot.patient_id = fix.patient_id
        WHERE fix.statistic IN ('mean', 'noise')
          AND slot.begins_ms >= fix.from_ms
          AND slot.begins_ms < fix.to_ms + {FORGOTTEN_MS}
    """


def _of_signal(name: str) -> str:
    cases = (f"WHEN '{signal}' THEN slot.{name}_{signal}" for signal in _SIGNALS)
    return f"CASE fix.signal_name {' '.join(cases)} END"


def _sums_so_far() -> str:
    """Return the sums of the window, of the device and of the patient's others."""
    return ", ".join(
        f"SUM(CASE WHEN behind = 0 AND {whose} THEN {what} ELSE 0 END)"
        f" OVER so_far AS {who}_{name}"
        for who, whose in (("own", "is_own"), ("other", "NOT is_own"))
        for name, what in (
            *((name, f"COALESCE({name}, 0)") for name in _SUMS),
            ("free", "GREATEST(readings - 1, 0)"),
        )
    )


def _mean(who: str) -> str:
    return f"{who}_total / NULLIF({who}_readings, 0)"


def _noise(who: str) -> str:
    return f"SQRT(GREATEST({who}_squares, 0) / NULLIF({who}_free, 0))"


def from_statuses() -> str:
    """Return the query for verdicts by a device's first status after its fix."""
    return f"""
        SELECT {_VERDICT}
        FROM (
            SELECT *, TRUE AS enough, CAST(1 AS BIGINT) AS readings,
                   CAST(NULL AS BIGINT) AS reference_readings
            FROM (
                SELECT *, COUNT(*) OVER {_SO_FAR} AS statuses
                FROM ({_statuses_beside_fixes()})
            )
            WHERE statuses = 1
        )
    """


def _statuses_beside_fixes() -> str:
    return f"""
        SELECT status.ts, status.ts_ms, status.patient_id, status.device_id,
               fix.command_id, fix.lowest, fix.highest,
               CASE fix.statistic
               WHEN 'changed' THEN {_one_if("status.boot_id <> fix.boot_before")}
               WHEN 'equals' THEN {_one_if("status.firmware = fix.desired_firmware")}
               ELSE status.spo2_alarm_pct END AS observed
        FROM (
            SELECT * FROM {table_of(DEVICE_STATUS)} WHERE {demands(DEVICE_STATUS)}
        ) AS status
        JOIN {_FIXES} FOR SYSTEM_TIME AS OF status.ts AS fix
        ON status.patient_id = fix.patient_id
        WHERE fix.statistic IN ('changed', 'equals', 'value')
          AND status.device_id = fix.device_id
          AND status.ts_ms >= fix.from_ms
          AND status.ts_ms < fix.to_ms + {FORGOTTEN_MS}
    """


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1.0E0 ELSE 0.0E0 END"


_OF_VERDICT: Final = {
    "verdict_id": "MD5(command_id)",
    "met": "COALESCE(enough AND observed BETWEEN lowest AND highest, FALSE)",
}
_VERDICT: Final = ", ".join(
    f"{_OF_VERDICT.get(column.name, column.name)} AS {column.name}"
    for column in VERDICTS.columns
)
"""The same on every replay, because all of it is."""
