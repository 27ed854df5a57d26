"""Clock drifting: a device's clock is off by some tenths of a second.

Why      What a device stamps more than a second and a half late, no pattern sees; and
         two devices that disagree on the time turn cause and effect round.
Matches  Once per episode, when the clock was ERROR_S off or more, ahead or behind, in
         an hour, and again HOLD_S later; once more when it is right. ``observed`` is
         the error by the least delayed message of the worst hour.
Ignores  Messages that are held back while others are not; less than ERROR_S, which a
         network may take.
Source   IHE IT Infrastructure Technical Framework, Consistent Time: a median error of
         less than 1 s. The least delayed message: RFC 5905 (NTP), its filter.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

ERROR_S = 0.5
HOLD_S = 3600
GAP_S = 4 * 3600

PATTERN = Held(
    name="clock_drifting",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="clock_error_s",
    condition=AtLeast(ERROR_S),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
