"""The patterns in service, in the order a board lists them."""

from cep_patterns import (
    desaturation,
    silent_sensor,
    sustained_bradycardia,
    sustained_tachycardia,
    unusable_value,
)
from cep_patterns.pattern import Pattern

CATALOGUE: tuple[Pattern, ...] = (
    sustained_tachycardia.PATTERN,
    sustained_bradycardia.PATTERN,
    desaturation.PATTERN,
    silent_sensor.PATTERN,
    unusable_value.PATTERN,
)
