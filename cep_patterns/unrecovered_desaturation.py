"""Unrecovered desaturation: below 90 %, and not back within 2 min.

Why      Most desaturations end by themselves or with the first help. One that
         does not within two minutes needs more than that.
Matches  Once per episode, when two minutes have passed since its start and no
         reading of 90 % or more has come; once more when it is over. It comes
         on top of ``desaturation``, which has said the start.
Ignores  A signal that is lost for up to GAP_S: that is no recovery. While
         nothing at all is measured nothing is said here (``silent_sensor``
         and ``sensor_off`` do).
Source   O'Driscoll B. R. et al. (2017). BTS guideline for oxygen use in adults
         in healthcare and emergency settings. Thorax 72, suppl. 1: ii1-ii90.
         The two minutes are our choice.
"""

from cep_patterns.pattern import Below, Held, Severity

SPO2_PCT = 90
HOLD_S = 120
GAP_S = 120

PATTERN = Held(
    name="unrecovered_desaturation",
    severity=Severity.HIGH,
    signal="spo2_pct",
    condition=Below(SPO2_PCT),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
