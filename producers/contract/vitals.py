"""Vital signs, as devices send them."""

from producers.contract.columns import DEVICE_ID, PATIENT_ID, SEQ, TS_MS
from producers.schema import Column, Plausible, Topic

VITAL_SIGNS: tuple[Column, ...] = (
    Column(
        name="heart_rate_bpm",
        sql_type="DOUBLE",
        unit="/min",
        doc="heart rate from the ECG",
        plausible=Plausible(0, 300),
        loinc="8867-4",
        mdc=147842,
    ),
    Column(
        name="pulse_rate_bpm",
        sql_type="DOUBLE",
        unit="/min",
        doc="pulse rate from the pulse oximeter",
        plausible=Plausible(0, 300),
        loinc="8889-8",
        mdc=149530,
    ),
    Column(
        name="spo2_pct",
        sql_type="DOUBLE",
        unit="%",
        doc="oxygen saturation by pulse oximetry",
        plausible=Plausible(0, 100, upper_included=True),
        loinc="59408-5",
        mdc=150456,
    ),
    Column(
        name="respiratory_rate_per_min",
        sql_type="DOUBLE",
        unit="/min",
        doc="breaths a minute",
        plausible=Plausible(0, 70),
        loinc="9279-1",
        mdc=151562,
    ),
    Column(
        name="systolic_mmhg",
        sql_type="DOUBLE",
        unit="mm[Hg]",
        doc="systolic blood pressure",
        plausible=Plausible(0, 400),
        loinc="8480-6",
        mdc=150021,
    ),
    Column(
        name="diastolic_mmhg",
        sql_type="DOUBLE",
        unit="mm[Hg]",
        doc="diastolic blood pressure",
        plausible=Plausible(0, 300),
        loinc="8462-4",
        mdc=150022,
    ),
    Column(
        name="temperature_c",
        sql_type="DOUBLE",
        unit="Cel",
        doc="body temperature",
        plausible=Plausible(10, 50),
        loinc="8310-5",
        mdc=150344,
    ),
)
"""The numbers that windows, patterns and boards are about."""

VITALS = Topic(
    name="vitals",
    doc="one set of readings of one device; any vital sign may be missing",
    key="patient_id",
    columns=(
        TS_MS,
        PATIENT_ID,
        DEVICE_ID,
        SEQ,
        *VITAL_SIGNS,
        Column(
            name="on_oxygen",
            sql_type="BOOLEAN",
            doc="whether the patient breathes supplemental oxygen",
        ),
        Column(
            name="consciousness",
            sql_type="STRING",
            doc="alert, confused, voice, pain, unresponsive (ACVPU)",
            one_of=("A", "C", "V", "P", "U"),
        ),
        Column(
            name="activity",
            sql_type="STRING",
            doc="what the patient is doing, as far as the device can tell",
            one_of=("rest", "moving", "exercise"),
        ),
        Column(
            name="signal_quality_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="how far the device trusts that what it measures is the patient",
        ),
    ),
    max_lateness_ms=1_500,
)
