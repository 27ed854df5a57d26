"""Frozen value: a monitor repeats the same numbers for five minutes.

Why      A body never does that; a device that hangs does, and looks alive on
         every board. While it lasts, nobody watches the patient.
Matches  Once per episode, after HOLD_S in which the first readings of all slots
         of 10 s are alike in every continuous sign (heart rate, pulse rate,
         saturation, breathing rate); once more when one changes. ``observed``
         is how many signs stand still.
Ignores  Devices that send fewer than three of those signs: a paced heart and a
         good saturation alone may well stand still. Readings between the slots'
         first ones.
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions. The five minutes
         are our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

SIGNS_ALIKE = 3
HOLD_S = 300
GAP_S = 20

PATTERN = Held(
    name="frozen_value",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="frozen_signs",
    condition=AtLeast(SIGNS_ALIKE),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
