"""What scores read, and how old it may be.

Monitors send the continuous signals every few seconds: after five minutes
without one, nobody knows. A cuff, a thermometer and a person looking at the
patient come at the pace of a ward round, four hours at the latest.
"""

from scores.chart import Input

CONTINUOUS_S = 5 * 60
SPOT_CHECK_S = 4 * 60 * 60

RESPIRATORY_RATE = Input(column="respiratory_rate_per_min", max_age_s=CONTINUOUS_S)
SPO2 = Input(column="spo2_pct", max_age_s=CONTINUOUS_S)
HEART_RATE = Input(column="heart_rate_bpm", max_age_s=CONTINUOUS_S)
SYSTOLIC = Input(column="systolic_mmhg", max_age_s=SPOT_CHECK_S)
TEMPERATURE = Input(column="temperature_c", max_age_s=SPOT_CHECK_S, decimals=1)
ON_OXYGEN = Input(column="on_oxygen", max_age_s=SPOT_CHECK_S)
CONSCIOUSNESS = Input(column="consciousness", max_age_s=SPOT_CHECK_S)
