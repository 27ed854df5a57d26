"""Restarts rising: a device that restarts more and more often, over a week.

Why      A device that restarts is blind for a minute; one that does so ever more often
         is about to stay down, by failing memory, a loose contact or its software.
Matches  Once per episode, when Laplace's statistic of the week's restarts has been at
         TREND or more for HOLD_S, with RESTARTS of them at least; once more when it is
         not. ``observed`` is the statistic, in standard deviations of a steady rate.
Ignores  Restarts at a steady rate, however many; devices heard of on fewer than five
         days of the week.
Source   Ascher, H., Feingold, H. (1984). Repairable Systems Reliability. Marcel Dekker;
         the test is Laplace's (1773). TREND is the 99th percentile of a steady rate;
         RESTARTS is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Met, Severity

TREND = 2.33
RESTARTS = 5
HOLD_S = 6 * 3600
GAP_S = 24 * 3600

PATTERN = Held(
    name="restarts_rising",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="restart_trend_7d",
    condition=AtLeast(TREND),
    also=(Met(signal="restarts_7d", condition=AtLeast(RESTARTS)),),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
