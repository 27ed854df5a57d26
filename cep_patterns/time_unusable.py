"""Time unusable: a device's readings say no time, or one that cannot be.

Why      Without a time nothing of a reading is used: the device sends, its numbers
         look alive, and nobody watches the patient.
Matches  Once per episode, when HOLD_S have passed between the first slot of 10 s with
         such a reading and one that still has some, none between without: 30 to 40 s
         after the first one. Once more when the times are right again. ``observed``
         is the most such readings in a slot.
Ignores  A single burst, as when a device sends what it has kept for weeks. A time that
         is wrong by less than a minute ahead or 28 days behind: such a reading is
         used, or stands in the topic ``late``.
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions: loss of the
         ability to detect a physiological alarm condition must be made known.
         The bounds of a time: producers/schema.py. The hold is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

READINGS = 1
HOLD_S = 20
GAP_S = 20

PATTERN = Held(
    name="time_unusable",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="unusable_times",
    condition=AtLeast(READINGS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
