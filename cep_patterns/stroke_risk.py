"""Stroke risk: severe pressure that lasts; graver with a dull mind or odd pulse.

Why      Pressure of 180 mmHg and more that does not come down is the greatest
         risk of a bleeding into the brain that a monitor can see. A patient who
         becomes less alert with it, or whose heart beats more often than the
         pulse arrives (as in atrial fibrillation, where clots form), is to be
         looked at now.
Matches  Once per episode: after ten minutes of such pressure (medium); after two
         minutes in which the patient has become less alert within the hour, or
         ten beats a minute or more do not reach the finger (high). Once more
         when it is over. ``observed`` is the pressure.
Ignores  Whether there is a stroke: this is a risk and no diagnosis. Face, arm
         and speech, which find strokes, are not in a stream of vital signs; most
         strokes come with pressures below this limit. Pressure during exercise.
Source   Whelton P. K. et al. (2018). ACC/AHA guideline for high blood pressure
         in adults. Hypertension 71(6): e13-e115, section 11.2. Hindricks G. et
         al. (2021). ESC guideline on atrial fibrillation. Eur Heart J 42(5):
         373-498 (pulse deficit). Ten beats and the times are our choice.
"""

from cep_patterns.pattern import AnyOf, AtLeast, Held, Met, Raised, Severity

SYSTOLIC_MMHG = 180
STEPS_LESS_ALERT = 1
PULSE_DEFICIT_BPM = 10
HOLD_S = 600
GRAVE_HOLD_S = 120
GAP_S = 180

PATTERN = Held(
    name="stroke_risk",
    severity=Severity.MEDIUM,
    signal="known_systolic_mmhg",
    condition=AtLeast(SYSTOLIC_MMHG),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    not_during=("exercise",),
    raised=(
        Raised(
            severity=Severity.HIGH,
            also=(
                AnyOf(
                    (
                        Met(
                            signal="consciousness_fall_1h",
                            condition=AtLeast(STEPS_LESS_ALERT),
                        ),
                        Met(
                            signal="pulse_deficit_bpm",
                            condition=AtLeast(PULSE_DEFICIT_BPM),
                        ),
                    )
                ),
            ),
            hold_s=GRAVE_HOLD_S,
        ),
    ),
)
