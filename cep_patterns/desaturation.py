"""Desaturation: an oxygen saturation below 90 %, held for 30 s.

Why      Below 90 % the oxygen dissociation curve turns steep: little more
         pressure is lost before much more oxygen is. Short dips are mostly
         movement of the probe or the hand.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over.
Ignores  Runs cut by a reading of 90 % or more, or by more than GAP_S without
         a saturation; exactly 0 %, which says that the probe is off
         (``sensor_off`` reports it). Patients whose prescribed target lies
         below 90 % (NEWS2 SpO2 scale 2) match although they are as they
         should be.
Source   O'Driscoll B. R. et al. (2017). BTS guideline for oxygen use in adults
         in healthcare and emergency settings. Thorax 72, suppl. 1: ii1-ii90.
"""

from cep_patterns.pattern import Adjustable, Below, Held, Severity

SPO2_PCT = 90
HOLD_S = 30
GAP_S = 10

PATTERN = Held(
    name="desaturation",
    severity=Severity.HIGH,
    signal="spo2_pct",
    condition=Below(SPO2_PCT),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=94, widest=80),
)
