"""New fever: 38.1 °C or more after a day without.

Why      A temperature that has been high for days is known. One that rises after
         a normal day is news: a wound, a line or a lung has become infected.
Matches  Once per episode, when the temperature has been there for HOLD_S, if the
         24 hours before were known and below the limit; once more when it is
         below.
Ignores  Fever in a patient seen for less than a day, or who had some within
         the last day. How often the temperature was taken within that day.
Source   Royal College of Physicians (2017). NEWS2, chart 1 (38.1 °C is its first
         point). O'Grady N. P. et al. (2008). Guidelines for evaluation of new
         fever in critically ill adult patients. Crit Care Med 36(4): 1330-1349.
"""

from cep_patterns.pattern import Adjustable, AtLeast, Held, Severity

TEMPERATURE_C = 38.1
DAY_S = 86_400
HOLD_S = 300
GAP_S = 4 * 3600

PATTERN = Held(
    name="new_fever",
    severity=Severity.LOW,
    signal="known_temperature_c",
    condition=AtLeast(TEMPERATURE_C),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    calm_before_s=DAY_S,
    own_limit=Adjustable(tightest=37.8, widest=38.5),
)
