"""What one quantity does to another, as data.

Only what an episode moves is coupled: what patients do on their own is drawn so that
it fits together. What an episode names itself is not coupled, either: a heart in
complete block does not answer a fever.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from digital_twin.quantities import NAMES, row
from digital_twin.vital_signs import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """Between two changes of ``of``, ``to`` changes by ``per_unit`` of it.

    ``begins`` and ``ends`` are changes from the patient's usual level; nothing
    happens before the first, and no more after the second.
    """

    of: str
    to: str
    per_unit: float
    begins: float
    ends: float
    source: str


COUPLINGS: Final = (
    Coupling(
        of="temperature_c",
        to="heart_rate_bpm",
        per_unit=8.5,
        begins=0.0,
        ends=4.5,
        source="8.5 /min for each degree: Karjalainen, J., Viitasalo, M. (1986). Fever "
        "and cardiac rhythm. Arch Intern Med 146(6): 1169-1171.",
    ),
    Coupling(
        of="temperature_c",
        to="respiratory_rate_per_min",
        per_unit=2.0,
        begins=0.0,
        ends=4.5,
        source="In adults 1.4 /min a degree, 2.3 above 38 C: Jensen, M. M. et al. "
        "(2019). Fever increases heart rate and respiratory rate. Acute Medicine, doi:"
        "10.52964/amja.0766. In children 0.5 to 2: Davies, P., Maconochie, I. (2009). "
        "The relationship between body temperature, heart rate and respiratory rate in "
        "children. Emerg Med J 26(9): 641-643. 2 is our choice.",
    ),
    Coupling(
        of="systolic_mmhg",
        to="heart_rate_bpm",
        per_unit=-0.8,
        begins=0.0,
        ends=-60.0,
        source="10 ms of a beat for each mmHg in healthy women, 15 in healthy men: "
        "Laitinen, T. et al. (1998). Age and gender dependency of baroreflex "
        "sensitivity in healthy subjects. J Appl Physiol 84(2): 576-583. Below 3 ms "
        "more die after an infarction: La Rovere, M. T. et al. (1998). Baroreflex "
        "sensitivity and heart-rate variability in prediction of total cardiac "
        "mortality after myocardial infarction (ATRAMI). Lancet 351(9101): 478-484. "
        "10 ms are 0.8 /min at 70 /min, which is our choice.",
    ),
    Coupling(
        of="spo2_pct",
        to="heart_rate_bpm",
        per_unit=-0.9,
        begins=-3.0,
        ends=-28.0,
        source="The heart gets faster in a line with saturation, by 0.98 /min for each "
        "per cent in the mean (0.62 to 1.46): Slutsky, A. S., Rebuck, A. S. (1978). "
        "Heart rate response to isocapnic hypoxia in conscious man. Am J Physiol "
        "234(2): H129-H132. That it is 0.9 is our choice.",
    ),
    Coupling(
        of="spo2_pct",
        to="heart_rate_bpm",
        per_unit=5.0,
        begins=-34.0,
        ends=-60.0,
        source="Severe hypoxia slows the heart: Marshall, J. M. (1994). Peripheral "
        "chemoreceptors and cardiovascular regulation. Physiol Rev 74(3): 543-594. "
        "Where it begins and how steep it is are our choice.",
    ),
    Coupling(
        of="spo2_pct",
        to="respiratory_rate_per_min",
        per_unit=-0.4,
        begins=-3.0,
        ends=-28.0,
        source="Ventilation rises in a line with saturation: Rebuck, A. S., Campbell, "
        "E. J. M. (1974). A clinical method for assessing the ventilatory response to "
        "hypoxia. Am Rev Respir Dis 109(3): 345-350. Our choice: the slope.",
    ),
)
"""What is moved by one moves no other: there is no ``of`` that is a ``to``, too."""

_OF: Final = [row(each.of) for each in COUPLINGS]
_BEGINS, _NEAR, _FAR = np.array(
    [
        [[c.begins] for c in COUPLINGS],
        [[min(c.begins, c.ends)] for c in COUPLINGS],
        [[max(c.begins, c.ends)] for c in COUPLINGS],
    ],
    dtype=np.float32,
)
_PER_UNIT: Final = np.array(
    [[each.per_unit * (each.to == name) for each in COUPLINGS] for name in NAMES],
    dtype=np.float32,
)


def answer(moved: Level, named: NDArray[np.bool_]) -> Level:
    """Return ``moved`` and what follows from it.

    Parameters
    ----------
    moved : ndarray, shape (times, quantities, patients)
        How far an episode has moved each quantity.
    named : ndarray, shape (quantities, patients)
        What the episode itself says the level of.
    """
    change = np.minimum(np.maximum(moved[:, _OF], _NEAR), _FAR) - _BEGINS
    return np.asarray(moved + ~named * (_PER_UNIT @ change))
