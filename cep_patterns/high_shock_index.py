"""High shock index: heart rate over systolic pressure above 1.0 for 5 min.

Why      While blood is being lost the rate rises before the pressure falls, and
         each may still look normal; their ratio does not.
Matches  Once per episode, when the ratio has been above 1.0 for HOLD_S; once
         more when it is not.
Ignores  Exactly 1.0; a rate during exercise; pressure older than four hours and
         a rate older than five minutes. Drugs that hold the rate down, and
         pacemakers, hide it.
Source   Allgöwer, M. and Burri, C. (1967). "Schockindex". Deutsche Medizinische
         Wochenschrift 92(43), 1947-1950.
"""

from cep_patterns.pattern import Above, Adjustable, Held, Severity

SHOCK_INDEX = 1.0
HOLD_S = 300
GAP_S = 180

PATTERN = Held(
    name="high_shock_index",
    severity=Severity.HIGH,
    signal="shock_index",
    condition=Above(SHOCK_INDEX),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    not_during=("exercise",),
    own_limit=Adjustable(tightest=0.8, widest=1.3),
)
