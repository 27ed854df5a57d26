"""What can be set of a device."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As it was made, unless somebody sets it otherwise; then the version counts up.

    Many oximeters average over 8 s unless told otherwise (Masimo's do). Where the alarm
    is, 85 %, is our choice: so low that a sound device seldom sounds.
    """

    settings_version: int = 0
    averaging_s: float = 8.0
    spo2_offset_pct: float = 0.0
    spo2_alarm_pct: float = 85.0
