"""Silent sensor: a device that sent readings and now sends none.

Why      No other pattern can see a patient whose monitor says nothing. A
         silence looks like calm on every board that shows only alarms.
Matches  Once per silence, after SLOTS whole slots of 10 s without a reading,
         that is 30 to 40 s after the last one; once more when readings resume.
Ignores  A device that never sent anything; one whose readings hold no number
         (``readings_empty``) or no time (``time_unusable``); and all devices falling
         silent at once, because then event time stands still and nothing is computed.
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions: loss of the
         ability to detect a physiological alarm condition must be made known.
"""

from cep_patterns.pattern import Severity, Silent

SLOTS = 3

PATTERN = Silent(
    name="silent_sensor",
    severity=Severity.MEDIUM,
    slots=SLOTS,
)
