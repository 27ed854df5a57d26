"""Check a people's file, and say who would be told now."""

from collections.abc import Iterator
from datetime import datetime

from rich.table import Table

from alerts.notices import reaches
from alerts.people import People
from alerts.plan import Plan
from cep_patterns.pattern import Severity


def told_at(people: People, now: datetime) -> Table:
    """Return who would be told at ``now`` of an alarm on each ward, and how."""
    title = f"{now:%Y-%m-%d %H:%M %Z}"
    table = Table("ward", "severity", "after min", "told", title=title)
    for name in people.wards:
        plan, window = people.plan_of_ward(name), people.window(name, now)
        if window:
            table.add_row(name, "", "", f"maintenance: {window.reason}")
        for severity in reversed(Severity):
            for row in _rows(plan, people, severity, now):
                table.add_row(name, severity, *row)
        table.add_section()
    return table


def _rows(
    plan: Plan, people: People, severity: Severity, now: datetime
) -> Iterator[tuple[str, str]]:
    wait = plan.quiet_until(severity, now)
    held = f" (not before {wait:%H:%M})" if wait else ""
    for number, level in enumerate(plan.escalation.of(severity).levels):
        ways = reaches(plan, severity, number, people, now)
        told = ", ".join(f"{name} by {channel}" for name, channel in ways)
        yield f"{level.after_min:g}", f"{told}{held}"
