"""Probe off again: it comes off the patient time after time within an hour.

Why      Once is a patient who moves; again and again is a probe that does not fit, a
         clip that is worn or a patient who pulls at it: it will be off when it counts.
Matches  Once per episode, when probes came off TIMES or more within an hour, and still
         so HOLD_S later; once more when that is over. ``observed`` is how often.
Ignores  Single losses of contact (``sensor_off`` reports those); restarts, after which
         a device counts anew.
Source   Cvach, M. (2012). Monitor alarm fatigue: an integrative review. Biomedical
         Instrumentation & Technology 46(4): 268-277. The number is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

TIMES = 6
HOLD_S = 900
GAP_S = 3600

PATTERN = Held(
    name="probe_off_again",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="probe_offs_1h",
    condition=AtLeast(TIMES),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
