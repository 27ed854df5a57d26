"""How messages leave a device: kept for lack of a radio, held up, doubled, damaged."""

from typing import Final, NamedTuple

import numpy as np

from digital_twin.cohort import Array
from digital_twin.devices.ailing import Index, State, effects
from digital_twin.devices.faults import FAULTS, RADIO_AWAY
from digital_twin.network import Damage

_AWAY: Final = FAULTS.index(RADIO_AWAY)
FORWARDED_PER_S: Final = 50.0
"""How fast a device sends what it has kept, once its radio is back; our choice."""

_DAMAGES: Final = np.iinfo(np.uint16).max - 1.0


class Travel(NamedTuple):
    """Which messages leave, and when each arrives; a doubled one is there twice.

    One with a ``damage`` is no message any more when it leaves, and neither is its
    second copy.
    """

    message: Index
    arrives_s: Array
    damage: Damage


def travel(
    ailing: State, device: Index, at_s: Array, rng: np.random.Generator
) -> Travel:
    """Send messages of ``device``, ready ``at_s``; shapes (messages,).

    What was kept while the radio was away arrives in order, when it is back; a
    second of it takes ``1 / FORWARDED_PER_S``. What is sent again is held up, too.
    """
    added = effects(_of(ailing, device), at_s)
    doubled, held_up, flipped = rng.random((3, at_s.size))
    away = (added["away_share"] > 0.0) & (ailing.kind[device] == _AWAY)
    since_s = at_s - ailing.onset_s[device]
    back_s = ailing.ends_s[device] + since_s / FORWARDED_PER_S
    again = doubled < added["doubled_share"]
    leaves_s = np.where(away, back_s, at_s + again * held_up * added["held_up_s"])
    second = np.flatnonzero(again)
    message = np.concatenate([np.arange(at_s.size), second])
    return Travel(
        message,
        np.concatenate([leaves_s, leaves_s[second] + added["held_up_s"][second]]),
        _damage(flipped, added["corrupt_share"])[message],
    )


def _damage(chance: Array, share: Array) -> Damage:
    """Return what becomes of each message: of a ``share`` of them, any damage.

    Where a chance is below the share, how far below is chance again: it says which.
    """
    corrupt = chance < share
    which = np.divide(chance, share, out=np.zeros_like(chance), where=corrupt)
    return np.where(corrupt, 1.0 + which * _DAMAGES, 0.0).astype(np.uint16)


def _of(ailing: State, device: Index) -> State:
    return State(
        kind=ailing.kind[device],
        onset_s=ailing.onset_s[device],
        fails_s=ailing.fails_s[device],
        ends_s=ailing.ends_s[device],
        gravity=ailing.gravity[device],
        sign=ailing.sign[device],
    )
