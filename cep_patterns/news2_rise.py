"""NEWS2 rise: 3 points or more within an hour.

Why      A patient on the way from 1 to 4 is on the way: the trend says it before
         the score does.
Matches  Once per episode, when the score has stayed for a minute 3 points or
         more above the lowest one of the hour before; once more when it is not
         any more, which it is an hour later at the latest.
Ignores  A rise that may be one, because parts were missing: the lowest possible
         total now is compared with the highest possible ones before.
Source   Royal College of Physicians (2017). NEWS2. London: RCP (scores are to be
         read as a trend). That 3 points in an hour are much is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Severity

POINTS = 3
HOLD_S = 60
GAP_S = 180

PATTERN = Held(
    name="news2_rise",
    severity=Severity.MEDIUM,
    signal="news2_rise_1h",
    condition=AtLeast(POINTS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
