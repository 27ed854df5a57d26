"""The scores in service, in the order a dashboard lists them."""

from scores import news2, qsofa, shock_index, sirs
from scores.chart import Ratio, Score

SCORES: tuple[Score, ...] = (news2.SCALE_1, news2.SCALE_2, qsofa.SCORE, sirs.SCORE)
RATIOS: tuple[Ratio, ...] = (shock_index.SCORE,)
