"""EEG unusable: for half a minute, too little of the head can be seen.

Why      No score is not "no seizure". Electrodes come off when patients move, and
         in a convulsion first of all: while too few are left, nobody watches the
         brain, and the board looks calm.
Matches  Once per episode, when for HOLD_S no second could be judged, because more
         than two thirds of the channels were flat, clipped, railed, disconnected
         or drowned in mains hum, or because seconds were missing between those
         that came; once more when one can be judged again. ``observed`` is how
         many channels could not be used.
Ignores  Single channels that are left out; a gap that is over within HOLD_S; a
         recording of which nothing at all comes, or nothing that can be read
         (the topic ``rejected`` has that).
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions: loss of the
         ability to detect a physiological alarm condition must be made known.
         The time is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

CHANNELS = 1
HOLD_S = 30
GAP_S = 10

PATTERN = Held(
    name="eeg_unusable",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="channels_lost",
    condition=AtLeast(CHANNELS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
