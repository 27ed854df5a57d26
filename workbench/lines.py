"""The ward as plain lines, for a log file or a pipe."""

from workbench.alarms import Alarm
from workbench.view import UNKNOWN, time_of_day
from workbench.ward import Ward


def alarm_line(alarm: Alarm) -> str:
    """Return the line that says that an alarm was found, or that it is over."""
    over = alarm.ended_ms
    at_ms, phase = (alarm.found_ms, "ongoing") if over is None else (over, "ended")
    said = (alarm.severity, alarm.patient, alarm.pattern, alarm.observed, phase)
    return f"{time_of_day(at_ms)} alarm {' '.join(said)}"


def state_line(ward: Ward, now_ms: int) -> str:
    """Return how the ward is, in one line."""
    jobs = ", ".join(f"{name} {state}" for name, state in ward.jobs.items())
    took = ward.latency
    parts = (
        f"{_number(ward.readings_per_s)} readings/s in",
        f"{_number(ward.points_per_s)} points/s stored",
        f"{_number(ward.rejected)} rejected",
        f"{_number(ward.late)} late",
        f"{ward.alarms.found} alarms, {ward.alarms.ongoing().total()} ongoing",
        f"latency p50 {took.p50_s:.2f} s p99 {took.p99_s:.2f} s" if took else "",
        jobs,
        *ward.troubles,
    )
    return f"{time_of_day(now_ms)} {'; '.join(filter(None, parts))}"


def _number(number: float | None) -> str:
    return UNKNOWN if number is None else f"{number:,.0f}"
