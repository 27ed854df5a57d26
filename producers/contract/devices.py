"""Devices: how they are."""

from producers.contract.columns import (
    DEVICE_ID,
    PATIENT_ID,
    SEQ,
    TS_MS,
    identifier,
    instant,
    words,
)
from producers.schema import Column, Plausible, Topic

DEVICE_STATUS = Topic(
    name="device_status",
    doc="how a device is, said once a minute and after each start",
    key="device_id",
    columns=(
        TS_MS,
        DEVICE_ID,
        PATIENT_ID,
        SEQ,
        identifier("boot_id", "another one after each start"),
        Column(
            name="uptime_s",
            sql_type="DOUBLE",
            unit="s",
            doc="time since its last start, by a clock that nobody sets",
            plausible=Plausible(0, 1e9, lower_included=True),
        ),
        words("firmware", "version of its firmware", max_length=64),
        Column(
            name="battery_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="charge of its battery",
            plausible=Plausible(0, 100, upper_included=True, lower_included=True),
        ),
        Column(
            name="on_mains", sql_type="BOOLEAN", doc="whether it is being charged now"
        ),
        Column(
            name="contact_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="quality of electrode contact: 100 is the best, 0 is none",
            plausible=Plausible(0, 100, upper_included=True, lower_included=True),
        ),
        Column(
            name="probe_offs",
            sql_type="BIGINT",
            doc="how often a probe has come off the patient since its last start",
        ),
        instant("calibrated_ms", "when it was last calibrated"),
        Column(
            name="readings",
            sql_type="BIGINT",
            doc="how many readings it took since its last status",
        ),
        Column(
            name="repeated_readings",
            sql_type="BIGINT",
            doc="how many of them were the same in every value as the one before",
        ),
        Column(
            name="mean_heart_rate_bpm",
            sql_type="DOUBLE",
            unit="/min",
            doc="mean heart rate of these readings",
            plausible=Plausible(0, 300),
        ),
        Column(
            name="mean_spo2_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="mean oxygen saturation of these readings",
            plausible=Plausible(0, 100, upper_included=True),
        ),
        Column(
            name="settings_version",
            sql_type="BIGINT",
            doc="the newest desired state that it has applied; 0: as it was made",
        ),
        Column(
            name="averaging_s",
            sql_type="DOUBLE",
            unit="s",
            doc="setting: over how long it averages what it measures",
            plausible=Plausible(0, 60, upper_included=True),
        ),
        Column(
            name="spo2_offset_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="setting: what it adds to each saturation, from its calibration",
            plausible=Plausible(-20, 20),
        ),
        Column(
            name="spo2_alarm_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="setting: below which saturation the device itself sounds",
            plausible=Plausible(0, 100, upper_included=True),
        ),
    ),
    max_lateness_ms=10_000,
)
