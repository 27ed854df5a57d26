"""Readings empty: a device's readings hold no number for any vital sign.

Why      The device sends, at the right times and under the right name, and nothing of
         what it sends is a patient's number: a text where a number belongs, another
         name for each sign, nothing at all. It is not silent, and nobody watches the
         patient.
Matches  Once per episode, when that was so of every reading for HOLD_S; once more with
         the first number.
Ignores  Single such readings among others; numbers that cannot be, or say that there
         is none (``implausible_value``, ``sensor_off``, ``value_misread``).
         A device of which nothing can be read, not even whose it is, is silent
         (``silent_sensor``).
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions: loss of the
         ability to detect a physiological alarm condition must be made known.
         The hold is our choice, that of ``silent_sensor``.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

EMPTY = 1
HOLD_S = 30
GAP_S = 20

PATTERN = Held(
    name="readings_empty",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="empty_readings",
    condition=AtLeast(EMPTY),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
