"""Seizure suspected: most of the last seconds of an EEG speak of a seizure.

Why      A seizure without convulsions is seen by nobody who only looks at the
         patient, and half of those in intensive care are such. Each minute
         counts: from five minutes on it is a status epilepticus, which stops
         less and less by itself.
Matches  Once per event, when three quarters of the last 8 s have fired, and the
         second after it; of high severity once it has lasted five minutes; once
         more when it is over. It begins with the first second held to be in the
         seizure, some seconds after the seizure itself. Events less than 90 s
         apart are one. ``observed`` is the share of firing seconds.
Ignores  A second that fires alone; EEG that does not stand out of what the
         patient's own was ten minutes before, once that is known; seconds that
         cannot be judged, which neither begin nor end an event
         (``eeg_unusable`` reports those).
Source   Claassen J. et al. (2004). Detection of electrographic seizures with
         continuous EEG monitoring in critically ill patients. Neurology 62(10):
         1743. Trinka E. et al. (2015). A definition and classification of status
         epilepticus (ILAE). Epilepsia 56(10): 1515 (the five minutes). Dan J. et
         al. (2024). SzCORE. Epilepsia (events 90 s apart). The shares are our
         choice (``eeg.events``). Not validated on patients.
"""

from cep_patterns.pattern import Above, Held, Raised, Severity

POWER = 0
HOLD_S = 1
STATUS_S = 300
GAP_S = 89  # apart by a second more, they are two

PATTERN = Held(
    name="seizure_suspected",
    severity=Severity.MEDIUM,
    signal="seizure_power",
    condition=Above(POWER),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    raised=(Raised(severity=Severity.HIGH, hold_s=STATUS_S),),
)
