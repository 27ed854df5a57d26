"""EEG, and what is known of it a second later."""

from typing import Final

from producers.contract.columns import DEVICE_ID, PATIENT_ID, SEQ, instant, words
from producers.schema import DAY_MS, MOST_MESSAGE_BYTES, Column, Plausible, Topic

MOST_CHANNELS: Final = 256
"""As many as the largest caps have."""

EEG = Topic(
    name="eeg",
    doc="one second of one recording; 32 channels at 512 Hz are 44 kB",
    key="patient_id",
    columns=(
        instant(
            "ts_ms", "when that second began, by the device's clock", required=True
        ),
        PATIENT_ID,
        DEVICE_ID,
        SEQ,
        Column(
            name="rate_hz",
            sql_type="DOUBLE",
            unit="Hz",
            doc="samples a second of each channel; of 173.61 a message has 173 or 174",
            required=True,
            plausible=Plausible(1, 20_000),
        ),
        words(
            "reference",
            "what it was recorded against: average, Cz, bipolar",
            max_length=64,
        ),
        Column(
            name="channels",
            sql_type="ARRAY<STRING>",
            doc="names of the electrodes in the 10-20 system (10-10) where known",
            required=True,
            max_length=64,
            max_items=MOST_CHANNELS,
        ),
        Column(
            name="uv_per_count",
            sql_type="DOUBLE",
            unit="uV",
            doc="what one count of a sample is worth",
            required=True,
            plausible=Plausible(0, 1_000),
        ),
        Column(
            name="samples",
            sql_type="STRING",
            doc="counts as little-endian int16 in base64,"
            " all of the first channel, then all of the second",
            required=True,
            max_length=MOST_MESSAGE_BYTES,
        ),
    ),
    max_lateness_ms=1_000,
    retention_ms=DAY_MS,
    retention_bytes=2 << 30,
)
"""Kept for a day and 2 GiB a partition at most: 1,000 patients send 13 MB a second.

A message is a second old when it comes; to wait a second more is all the time there is.
"""

EEG_SCORES = Topic(
    name="eeg_scores",
    doc="what is known of one recording's last seconds, said once a second",
    key="patient_id",
    columns=(
        instant(
            "ts_ms",
            "end of the window of 4 s that is scored, by the device's clock",
            required=True,
        ),
        PATIENT_ID,
        DEVICE_ID,
        words("model", "which model, in which version", max_length=128),
        Column(
            name="threshold",
            sql_type="DOUBLE",
            doc="the probability from which on the model speaks of a seizure",
        ),
        Column(
            name="probability",
            sql_type="DOUBLE",
            doc="of a seizure; missing where too little can be seen, which is no 'no'",
        ),
        Column(
            name="stands_out_ln",
            sql_type="DOUBLE",
            doc="ln of how much louder than the patient's own background;"
            " missing while there is none",
        ),
        Column(
            name="background_s",
            sql_type="BIGINT",
            unit="s",
            doc="how many seconds the background was learned from",
        ),
        Column(
            name="firing_power",
            sql_type="DOUBLE",
            doc="share of the last 8 s that speak of a seizure; missing where unknown",
        ),
        Column(
            name="seizing",
            sql_type="BOOLEAN",
            doc="whether the patient is held to be in a seizure, with hysteresis",
        ),
        Column(
            name="good_channels",
            sql_type="BIGINT",
            doc="how many of the channels could be used",
        ),
        Column(
            name="channels",
            sql_type="ARRAY<STRING>",
            doc="their names; the next three are in the same order",
            max_length=64,
            max_items=MOST_CHANNELS,
        ),
        Column(
            name="channel_probability",
            sql_type="ARRAY<DOUBLE>",
            doc="of a seizure; null for a channel that was left out",
            max_items=MOST_CHANNELS,
        ),
        Column(
            name="channel_quality",
            sql_type="ARRAY<STRING>",
            doc="good, or why it was left out",
            max_length=64,
            max_items=MOST_CHANNELS,
        ),
        Column(
            name="channel_amplitude_uv",
            sql_type="ARRAY<DOUBLE>",
            unit="uV",
            doc="its envelope; null for a channel that was left out",
            max_items=MOST_CHANNELS,
        ),
    ),
    max_lateness_ms=1_000,
    retention_ms=DAY_MS,
)
