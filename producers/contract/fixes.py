"""Fixes of devices: what is wanted, what is sent, what the device says, what is proved.

A device's state is its settings with a version. Whoever wants another one says on
which version that wish rests; every command carries the next.
"""

from typing import Final

from producers.contract.columns import (
    DEVICE_ID,
    PATIENT_ID,
    TS_MS,
    identifier,
    instant,
    words,
)
from producers.contract.devices import DEVICE_STATUS
from producers.schema import DAY_MS, Column, Plausible, Topic

SETTING_NAMES = ("averaging_s", "spo2_offset_pct", "spo2_alarm_pct", "firmware")
"""The settings of a device that can be wanted, by their columns in its status."""

ACTIONS = ("recalibrate", "average", "alarm", "restart", "firmware")

STATES = (
    "refused",
    "issued",
    "delivered",
    "accepted",
    "applied",
    "verified",
    "settled",
    "modified",
    "rejected",
    "expired",
    "superseded",
    "failed_verification",
)
"""What a command can be: on its road up to ``settled``, or at another end."""

ANY_CLOCK_MS: Final = 50 * 365 * DAY_MS
"""A device whose clock is wrong is heard all the same: its clock is what is judged."""

_SETTINGS = tuple(c for c in DEVICE_STATUS.columns if c.name in SETTING_NAMES)


def _settings(prefix: str, doc: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=f"{prefix}{each.name}",
            sql_type=each.sql_type,
            unit=each.unit,
            doc=f"{doc}: {each.doc.removeprefix('setting: ')}",
            plausible=each.plausible,
            max_length=each.max_length,
        )
        for each in _SETTINGS
    )


def _number(
    name: str,
    doc: str,
    unit: str = "that of the signal",
    plausible: Plausible | None = None,
) -> Column:
    return Column(name=name, sql_type="DOUBLE", unit=unit, doc=doc, plausible=plausible)


_A_DAY: Final = Plausible(0, 86_400, upper_included=True)
_AN_HOUR: Final = Plausible(-1, 3_600, upper_included=True)


COMMAND_ID = identifier("command_id", "which command; the same in all said of it")
_ACTION = Column(
    name="action", sql_type="STRING", doc="what is done", required=True, one_of=ACTIONS
)
_BASED_ON = Column(
    name="based_on",
    sql_type="BIGINT",
    doc="the desired version that it rests on; with another one it is refused",
)
_VERSION = Column(
    name="version", sql_type="BIGINT", doc="version of the desired state it brings"
)
_REASON = words("reason", "why, in words")
_DEADLINE = instant("deadline_ms", "by when it must be applied")

EXPECTATION = (
    Column(
        name="signal_name",
        sql_type="STRING",
        doc="what is looked at: a column of vitals or of device_status",
        one_of=("spo2_pct", "heart_rate_bpm", "spo2_alarm_pct", "boot_id", "firmware"),
    ),
    Column(
        name="statistic",
        sql_type="STRING",
        doc="what is made of it: mean, noise (deviation within 5 s), the value itself,"
        " 1 where it has changed, 1 where it equals what is wanted",
        one_of=("mean", "noise", "value", "changed", "equals"),
    ),
    Column(
        name="reference",
        sql_type="STRING",
        doc="what it is held against: the patient's other devices (their difference),"
        " the state before, the state wanted, or nothing",
        one_of=("other_devices", "before", "wanted", "nothing"),
    ),
    _number("lowest", "least that meets the expectation"),
    _number("highest", "most that meets the expectation"),
    _number("settle_s", "time after it was applied that does not count", "s", _AN_HOUR),
    _number("window_s", "length of the window that counts", "s", _AN_HOUR),
)
"""What telemetry must show once a fix is applied."""

WISHES = Topic(
    name="wishes",
    doc="a fix of a device that somebody asks for: its action, and the value of the"
    " one setting that it changes",
    key="device_id",
    columns=(
        TS_MS,
        COMMAND_ID,
        DEVICE_ID,
        _ACTION,
        _BASED_ON,
        *_settings("", "wanted"),
        _number("deadline_s", "how long it may take until it is applied", "s", _A_DAY),
        words("asked_by", "who asks", max_length=64),
    ),
    retention_ms=30 * DAY_MS,
)

COMMANDS = Topic(
    name="commands",
    doc="what a device shall do: the difference between desired and reported state",
    key="device_id",
    columns=(
        TS_MS,
        COMMAND_ID,
        DEVICE_ID,
        PATIENT_ID,
        _ACTION,
        _VERSION,
        _BASED_ON,
        *_settings("", "desired, where it differs"),
        _DEADLINE,
        *EXPECTATION,
    ),
)

REPORTS = Topic(
    name="reports",
    doc="what a device says of a command",
    key="device_id",
    max_ahead_ms=ANY_CLOCK_MS,
    max_age_ms=ANY_CLOCK_MS,
    columns=(
        TS_MS,
        COMMAND_ID,
        DEVICE_ID,
        PATIENT_ID,
        Column(
            name="report",
            sql_type="STRING",
            doc="how far it has come with it",
            required=True,
            one_of=("delivered", "accepted", "applied", "modified", "rejected"),
        ),
        Column(name="version", sql_type="BIGINT", doc="version of its state now"),
        *_settings("", "as it says"),
        identifier("boot_id", "its start", required=False),
        _REASON,
    ),
)

VERDICTS = Topic(
    name="verdicts",
    doc="whether independent telemetry meets what an applied command promised",
    key="device_id",
    columns=(
        identifier("verdict_id", "hash of the command: the same on every replay"),
        COMMAND_ID,
        DEVICE_ID,
        PATIENT_ID,
        instant("ts_ms", "event time at which it could be said", required=True),
        Column(name="met", sql_type="BOOLEAN", doc="whether it does", required=True),
        _number("observed", "the statistic; missing where there was too little"),
        Column(name="readings", sql_type="BIGINT", doc="of the device, that counted"),
        Column(
            name="reference_readings",
            sql_type="BIGINT",
            doc="of the patient's other devices, that counted",
        ),
    ),
    retention_ms=30 * DAY_MS,
)

HOPS = ("issued", "delivered", "accepted", "applied", "verified", "settled")

PROOFS = Topic(
    name="proofs",
    doc="one step in a command's life, and all that is known of it since then",
    key=("device_id", "command_id"),
    compacted=True,
    columns=(
        instant(
            "ts_ms", "when the step was taken, by the broker's clock", required=True
        ),
        COMMAND_ID,
        DEVICE_ID,
        PATIENT_ID,
        Column(
            name="state",
            sql_type="STRING",
            doc="what it is since then",
            required=True,
            one_of=STATES,
        ),
        _ACTION,
        _VERSION,
        _BASED_ON,
        *_settings("desired_", "desired"),
        Column(
            name="reported_version", sql_type="BIGINT", doc="as the device says last"
        ),
        *_settings("reported_", "as the device says last"),
        _DEADLINE,
        *EXPECTATION,
        *(instant(f"{hop}_ms", f"when it was {hop}") for hop in HOPS),
        instant("ended_ms", "when it came to its end"),
        instant("drifted_ms", "since when a settled device says something else again"),
        _number("value_before", "the statistic before, from both devices' status"),
        _number("value_on_twin", "the statistic on the twin"),
        _number("value_after", "the statistic in its window, from telemetry"),
        Column(name="readings", sql_type="BIGINT", doc="of the device, that counted"),
        Column(
            name="reference_readings",
            sql_type="BIGINT",
            doc="of the patient's other devices, that counted",
        ),
        identifier("boot_before", "the device's start before it", required=False),
        _number("clock_s", "how far the device's clock is ahead of the broker's", "s"),
        Column(name="sent", sql_type="BIGINT", doc="how often it was sent"),
        Column(name="repeated", sql_type="BIGINT", doc="reports that said nothing new"),
        words("asked_by", "who asked", max_length=64),
        _REASON,
        words("remarks", "what went wrong on the way", max_length=10_000),
    ),
)
