"""Input missing: a sign that patterns need was there, and is missing.

Why      A pattern that has nothing to read is silent, and looks like a patient
         who is well. IEC 60601-1-8 wants that said.
Matches  Once per episode, when the heart rate, the breathing rate or the oxygen
         saturation, once seen, has been missing for a minute and HOLD_S, while
         other readings of the patient go on (what is known of him is looked at
         once a minute); once more when all are back, or an hour after.
         ``observed`` is how many are missing.
Ignores  Signs that this patient's devices never sent; a sign missing for more
         than an hour, which seems meant; a patient of whom nothing at all
         is heard (``silent_sensor``); pressure and temperature, which come at
         the pace of a round, and without which a score says "incomplete".
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions: loss of the
         ability to detect a physiological alarm condition must be made known.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

INPUTS = 1
HOLD_S = 30
GAP_S = 180

PATTERN = Held(
    name="input_missing",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="inputs_lost",
    condition=AtLeast(INPUTS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
