"""Inflammatory response: temperature, heart rate and breathing together, for 5 min.

Why      Fever or cold, a fast heart and fast breathing together are how a body
         answers an infection, hours before the pressure falls.
Matches  Once per episode, when at least two of these three have been met for
         HOLD_S: a temperature above 38.0 or below 36.0 °C, a heart rate above
         90 /min, more than 20 breaths a minute; once more when fewer are. With
         all three it is of medium severity, as an episode of its own.
Ignores  The fourth of the four criteria, the white cell count, which no monitor
         has; exercise. Sensitive and not specific: half of a ward may meet two.
Source   Bone, R. C. et al. (1992). Definitions for sepsis and organ failure.
         Chest 101(6), 1644-1655: SIRS, 3 of its 4 criteria.
"""

from cep_patterns.pattern import AtLeast, Held, Raised, Severity

CRITERIA = 2
ALL_CRITERIA = 3
HOLD_S = 300
GAP_S = 180

PATTERN = Held(
    name="inflammatory_response",
    severity=Severity.LOW,
    signal="sirs_at_least",
    condition=AtLeast(CRITERIA),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    not_during=("exercise",),
    raised=(Raised(severity=Severity.MEDIUM, condition=AtLeast(ALL_CRITERIA)),),
)
