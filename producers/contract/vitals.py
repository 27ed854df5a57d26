"""Vital signs, as devices send them."""

from typing import Final

from producers.contract.columns import DEVICE_ID, PATIENT_ID, SEQ, TS_MS
from producers.schema import Beside, Column, Plausible, Suspect, Topic

_WIDE_CODES: Final = (
    *(511.0, 1_023.0, 2_047.0, 4_095.0, 32_767.0, 65_535.0, 8_388_607.0),
    *(2_147_483_647.0, 4_294_967_295.0),
    *(-1.0, -99.0, -100.0, -999.0, -1_000.0, -9_999.0, -32_768.0),
)
"""The numbers by which devices and their drivers say that there is none.

The largest of a field's width (8388607 in HL7, 2047 in Bluetooth, 65535 in FIT), or a
number below 0. None of them is plausible of any sign: to name them costs no value.
"""

_BYTE_CODES: Final = (127.0, 255.0, *_WIDE_CODES)
"""Those of a field of one byte, too, where they cannot be a patient's."""

_RATE_CODES: Final = (255.0, *_WIDE_CODES)
"""Of a rate, only 255 of them is taken for none: 127 is a common tachycardia.

A heart that beats 255 times a minute does not do so exactly for as long as a pattern
looks: the readings of 254 and 256 beside it count. One that never says anything else
has no value, and that is a technical condition, not silence.
"""

_FRACTION: Final = Suspect("a fraction", Plausible(0, 1, upper_included=True))
"""No oximeter shows a saturation of 1 % or less, whatever the patient has."""

_NORMAL_RATE: Final = Beside(
    ("pulse_rate_bpm", "heart_rate_bpm"),
    Plausible(50, 120, lower_included=True, upper_included=True),
)
_IN_KPA: Final = Plausible(5, 40)
"""Systolic pressures from 38 to 300 mmHg, in kPa."""
_KPA: Final = Suspect("kPa", _IN_KPA, (_NORMAL_RATE,))
"""A pressure below 40 mmHg is taken for kPa only beside a normal rate.

With such a pressure nobody has a normal pulse. In shock the heart races or fails; then
the pressure is taken as it is, and so it is where no rate is known. What is left is a
heart whose ECG goes on while it pumps no more: its pulse, where an oximeter tells it,
is looked at first; and its pressure has come down through what is no kPa.
"""
_DIASTOLIC_KPA: Final = Suspect(
    "kPa", Plausible(0, 25), (Beside(("systolic_mmhg",), _IN_KPA), _NORMAL_RATE)
)
"""A diastolic pressure is judged by the systolic one beside it: alone it may be low."""

_FAHRENHEIT: Final = Suspect("°F", Plausible(85, 115))

VITAL_SIGNS: tuple[Column, ...] = (
    Column(
        name="heart_rate_bpm",
        sql_type="DOUBLE",
        unit="/min",
        doc="heart rate from the ECG",
        plausible=Plausible(0, 300),
        no_value=_RATE_CODES,
        loinc="8867-4",
        mdc=147842,
    ),
    Column(
        name="pulse_rate_bpm",
        sql_type="DOUBLE",
        unit="/min",
        doc="pulse rate from the pulse oximeter",
        plausible=Plausible(0, 300),
        no_value=_RATE_CODES,
        loinc="8889-8",
        mdc=149530,
    ),
    Column(
        name="spo2_pct",
        sql_type="DOUBLE",
        unit="%",
        doc="oxygen saturation by pulse oximetry",
        plausible=Plausible(0, 100, upper_included=True),
        no_value=_BYTE_CODES,
        suspects=(_FRACTION,),
        loinc="59408-5",
        mdc=150456,
    ),
    Column(
        name="respiratory_rate_per_min",
        sql_type="DOUBLE",
        unit="/min",
        doc="breaths a minute",
        plausible=Plausible(0, 70),
        no_value=_BYTE_CODES,
        loinc="9279-1",
        mdc=151562,
    ),
    Column(
        name="systolic_mmhg",
        sql_type="DOUBLE",
        unit="mm[Hg]",
        doc="systolic blood pressure",
        plausible=Plausible(0, 400),
        no_value=_WIDE_CODES,
        suspects=(_KPA,),
        loinc="8480-6",
        mdc=150021,
    ),
    Column(
        name="diastolic_mmhg",
        sql_type="DOUBLE",
        unit="mm[Hg]",
        doc="diastolic blood pressure",
        plausible=Plausible(0, 300),
        no_value=_WIDE_CODES,
        suspects=(_DIASTOLIC_KPA,),
        loinc="8462-4",
        mdc=150022,
    ),
    Column(
        name="temperature_c",
        sql_type="DOUBLE",
        unit="Cel",
        doc="body temperature",
        plausible=Plausible(10, 50),
        no_value=_BYTE_CODES,
        suspects=(_FAHRENHEIT,),
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
            plausible=Plausible(0, 100, upper_included=True, lower_included=True),
            no_value=_BYTE_CODES,
            suspects=(Suspect("a fraction", Plausible(0, 1)),),
        ),
    ),
    max_lateness_ms=1_500,
    retention_bytes=8 << 30,
)
