"""Shock index: heart rate over systolic pressure.

Why      While blood is being lost the rate rises before the pressure falls, and
         each may still look normal; their ratio does not. A healthy adult has
         0.5 to 0.7, at 1.0 shock threatens.
Computes Heart rate / systolic pressure, both rounded to whole numbers first, and
         marks it above 1.0: when the rate exceeds the pressure.
Ignores  Drugs that hold the rate down, pacemakers, children, pregnancy, and
         pressures that round to 0 or less, which have no ratio.
Source   Allgöwer, M. and Burri, C. (1967). "Schockindex". Deutsche Medizinische
         Wochenschrift 92(43), 1947-1950.
"""

from scores.chart import Ratio
from scores.inputs import HEART_RATE, SYSTOLIC

MARKED_ABOVE = 1.0

SCORE = Ratio(
    name="shock_index",
    title="Shock index",
    over=HEART_RATE,
    under=SYSTOLIC,
    marked_above=MARKED_ABOVE,
)
