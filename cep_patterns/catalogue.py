"""The patterns in service, in the order a board lists them."""

from cep_patterns import (
    apnoea,
    bradypnoea,
    desaturation,
    hypertensive_crisis,
    hypotension,
    hypoxia_then_bradycardia,
    implausible_value,
    pulse_loss,
    sensor_off,
    silent_sensor,
    sustained_bradycardia,
    sustained_tachycardia,
    tachypnoea,
    unrecovered_desaturation,
)
from cep_patterns.pattern import Pattern

CATALOGUE: tuple[Pattern, ...] = (
    sustained_tachycardia.PATTERN,
    sustained_bradycardia.PATTERN,
    desaturation.PATTERN,
    silent_sensor.PATTERN,
    pulse_loss.PATTERN,
    apnoea.PATTERN,
    tachypnoea.PATTERN,
    bradypnoea.PATTERN,
    unrecovered_desaturation.PATTERN,
    hypoxia_then_bradycardia.PATTERN,
    hypotension.PATTERN,
    hypertensive_crisis.PATTERN,
    sensor_off.PATTERN,
    implausible_value.PATTERN,
)
