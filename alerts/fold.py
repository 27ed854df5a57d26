"""Many matches, few alarms: a match opens an alarm, joins one, or ends its part.

Messages come at least once and in any order; each match counts once. An end that
comes before its beginning counts as both, so that the order makes no difference.
Alarms are led on to the time of the messages; to the present, by whoever calls.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from alerts.events import Found, Over
from alerts.ledger import Ledger, Place
from alerts.life import is_open
from alerts.match import Match
from alerts.model import Alarm, Policy, hashed
from alerts.tables import AlarmRow, MatchRow
from alerts.timers import advance

Rules = Callable[[str, str], Policy]
"""The policy that is frozen for an alarm of a patient and a pattern."""


def fold(ledger: Ledger, matches: Sequence[Match], rules: Rules) -> None:
    """Fold ``matches``, in order of arrival, into the alarms of their patients.

    Raises where one has the id of another patient's: it would count for nobody.
    """
    ledger.load(match.patient_id for match in matches)
    known = _known(ledger, (match.match_id for match in matches))
    for match in matches:
        found = known.get(match.match_id)
        if found is None:
            alarm = _opened(ledger, match, rules)
            found = _row(match, alarm, ledger.now_ms), _place(match)
            known[match.match_id] = found
            ledger.session.add(found[0])
        row, place = found
        if place != _place(match):
            msg = f"match {match.match_id} was of another patient or pattern before"
            raise ValueError(msg)
        if match.is_over and not row.is_over:
            row.is_over, row.ended_ms = True, match.ended_ms
            _end(ledger, match)


def _known(
    ledger: Ledger, match_ids: Iterable[str]
) -> dict[str, tuple[MatchRow, Place]]:
    query = (
        select(MatchRow, AlarmRow.patient_id, AlarmRow.pattern_name)
        .join(AlarmRow, AlarmRow.alarm_id == MatchRow.alarm_id)
        .where(MatchRow.match_id.in_(sorted(set(match_ids))))
    )
    found = ledger.session.execute(query)
    return {row.match_id: (row, (patient, name)) for row, patient, name in found}


def _place(match: Match) -> Place:
    return match.patient_id, match.pattern_name


def _opened(ledger: Ledger, match: Match, rules: Rules) -> Alarm:
    """Return the alarm that holds ``match``: the open one, or a new one."""
    alarm = ledger.at((match.patient_id, match.pattern_name))
    if alarm is not None:
        until_ms = min(match.found_ms, ledger.now_ms)
        alarm = ledger.write(advance(alarm, until_ms, ledger.now_ms))
    if alarm is None or not is_open(alarm):
        new = _new(match, rules, ledger.now_ms)
        return ledger.write(advance(new, new.found_ms, ledger.now_ms))
    found = Found(
        match=match.ongoing, observed=match.observed, limit_value=match.limit_value
    )
    return ledger.happen(alarm, found, match.found_ms)


def _end(ledger: Ledger, match: Match) -> None:
    alarm = ledger.at((match.patient_id, match.pattern_name))
    if alarm is not None:
        over = Over(match_id=match.match_id, at_ms=match.ts_ms)
        ledger.happen(alarm, over, match.ts_ms)


def _new(match: Match, rules: Rules, now_ms: int) -> Alarm:
    """Return the alarm that ``match`` opens; the same one on every replay."""
    return Alarm(
        alarm_id=hashed("alarm", match.match_id),
        patient_id=match.patient_id,
        pattern_name=match.pattern_name,
        kind=match.kind,
        severity=match.severity,
        peak=match.severity,
        told=match.severity,
        policy=rules(match.pattern_name, match.patient_id),
        found_ms=min(match.found_ms, now_ms),
        started_ms=match.started_ms,
        observed=match.observed,
        limit_value=match.limit_value,
        ongoing=(match.ongoing,),
    )


def _row(match: Match, alarm: Alarm, now_ms: int) -> MatchRow:
    return MatchRow(
        match_id=match.match_id,
        alarm_id=alarm.alarm_id,
        rule_version=match.rule_version,
        severity=match.severity,
        device_id=match.device_id,
        started_ms=match.started_ms,
        found_ms=match.found_ms,
        folded_ms=now_ms,
        ended_ms=None,
        is_over=False,
        observed=match.observed,
        limit_value=match.limit_value,
        source=match.source,
    )
