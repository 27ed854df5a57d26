"""Value misread: a device's number is a code for "no value", or of another unit.

Why      A heart rate of exactly 255 /min for a minute is a byte that says "none"; a
         saturation of 0.97 % is a fraction. Taken for the patient's, such a number
         raises the gravest alarms; left out without a word, nobody watches that sign.
         With a signal quality of 255 or 0.9, ``pulse_loss`` and ``apnoea`` do not know
         whether a zero is the patient's.
Matches  Once per episode, when the hold time completes; once more when the episode is
         over. ``observed`` is the number of such values.
Ignores  Single readings, which stand in the topic ``rejected``, each with what its
         number is taken for. Pressures in kPa (``pressure_in_kpa``). 127 as a rate,
         which is a common tachycardia.
Source   The codes and units, each with who uses it: producers/contract/vitals.py.
         IEC 60601-1-8:2006+A2:2020, technical alarm conditions. The hold is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

MISREAD_VALUES = 1
HOLD_S = 5
GAP_S = 10

PATTERN = Held(
    name="value_misread",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="misread_values",
    condition=AtLeast(MISREAD_VALUES),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
