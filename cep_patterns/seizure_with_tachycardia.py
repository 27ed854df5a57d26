"""Seizure with tachycardia: the EEG speaks of a seizure, and the heart races.

Why      Most seizures drive the heart, by 10 /min and more, often seconds before
         they show in the EEG; chewing, sweat and a loose electrode, which look
         like a seizure, do not. Two sensors that know nothing of one another
         agree: this is not to be taken for noise.
Matches  Once per event, when for HOLD_S the EEG has been held to be in a seizure
         (as ``seizure_suspected``) beside a heart rate of 100 /min or more in the
         10 s before, from any of the patient's devices; once more when either is
         over. ``observed`` is the share of firing seconds.
Ignores  Seizures with a calm heart, or without a heart rate, which
         ``seizure_suspected`` reports; how fast this patient's heart usually is.
Source   Eggleston K. S., Olin B. D., Fisher R. S. (2014). Ictal tachycardia: the
         head-heart connection. Seizure 23(7): 496 (in four of five patients;
         100 /min as its definition). The hold time is our choice.
"""

from cep_patterns.pattern import Above, AtLeast, Held, Met, Severity

POWER = 0
HEART_RATE_BPM = 100
HOLD_S = 5
GAP_S = 10

PATTERN = Held(
    name="seizure_with_tachycardia",
    severity=Severity.HIGH,
    signal="seizure_power",
    condition=Above(POWER),
    also=(Met(signal="fastest_heart_rate_bpm", condition=AtLeast(HEART_RATE_BPM)),),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
