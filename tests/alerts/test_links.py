"""Acknowledging from a message."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.database import Database
from alerts.events import Refused
from alerts.links import VALID_S, Links, acknowledge_by
from alerts.model import StepKind
from alerts.notice_table import LocalMessage, Notice
from alerts.roster import Roster
from alerts.shifting import shift
from alerts.tables import StepRow
from alerts.wiring import Wiring
from cep_patterns.pattern import Severity
from tests.alerts.hospital import NOON, alarm, hospital, ms, step
from tests.alerts.post_office import LINKS, PostOffice, Provider
from tests.alerts.test_delivery import Hospital

EXPIRES_MS = ms(NOON) + 1000 * VALID_S


class Taken(list[tuple[str, str]]):
    """Who acknowledged what."""

    def take(self, _session: Session, alarm_id: str, by: str) -> None:
        """Note an acknowledgement."""
        self.append((alarm_id, by))


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PostOffice:
    office = PostOffice(database, hospital(tmp_path), Provider())
    office.happens(alarm(office.people))
    return office


@pytest.fixture
def link(office: PostOffice) -> str:
    return LINKS.acknowledgement(office.rows()[0])


def use(office: PostOffice, link: str, taken: Taken, now_ms: int | None = None) -> None:
    acknowledge_by(
        link,
        office.now_ms() if now_ms is None else now_ms,
        links=LINKS,
        database=office.database,
        then=taken.take,
    )


def test_a_link_acknowledges_the_alarm_for_whom_it_was_sent_to(
    office: PostOffice, link: str
) -> None:
    taken = Taken()
    use(office, link, taken)
    assert taken == [("alarm-1", "day")]


def test_a_link_works_once(office: PostOffice, link: str) -> None:
    taken = Taken()
    use(office, link, taken)
    with pytest.raises(Refused, match="used before"):
        use(office, link, taken)
    assert len(taken) == 1


def test_a_link_expires(office: PostOffice, link: str) -> None:
    taken = Taken()
    with pytest.raises(Refused, match="expired"):
        use(office, link, taken, EXPIRES_MS)
    use(office, link, taken, EXPIRES_MS - 1)
    assert len(taken) == 1


def test_a_link_is_the_same_wherever_the_clock_is_set(
    office: PostOffice, link: str
) -> None:
    """By it a provider is asked whether it has a message; else it would go twice."""
    jump_ms = -3_600_000
    with office.database.writing() as session:
        shift(session, jump_ms, office.now_ms() + jump_ms)
    assert LINKS.acknowledgement(office.rows()[0]) == link
    taken = Taken()
    with pytest.raises(Refused, match="expired"):
        use(office, link, taken, EXPIRES_MS + jump_ms)
    use(office, link, taken, EXPIRES_MS + jump_ms - 1)


def test_a_link_of_an_older_version_still_acknowledges(office: PostOffice) -> None:
    signed = URLSafeSerializer(LINKS.key, salt="acknowledge")
    taken = Taken()
    use(office, signed.dumps([office.rows()[0].number, EXPIRES_MS // 1000]), taken)
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("kind", "works"),
    [
        (StepKind.ESCALATED, True),
        (StepKind.REPEATED, True),
        (StepKind.UNREACHED, True),
        (StepKind.LATCHED, True),
        (StepKind.WORSENED, False),
        (StepKind.RETURNED, False),
        (StepKind.ACKNOWLEDGED, False),
        (StepKind.SHELVED, False),
        (StepKind.LAPSED, False),
        (StepKind.CLEARED, False),
    ],
)
def test_a_link_acknowledges_what_its_reader_was_told_and_nothing_else(
    office: PostOffice, link: str, kind: StepKind, *, works: bool
) -> None:
    later = step(alarm(office.people), kind, office.now, number=2)
    with office.database.writing() as session:
        session.add(StepRow.of(later))
    taken = Taken()
    if works:
        use(office, link, taken)
    else:
        with pytest.raises(Refused, match="changed since"):
            use(office, link, taken)
    assert len(taken) == int(works)


@pytest.mark.parametrize("now", [Severity.MEDIUM, Severity.LOW])
def test_a_link_does_not_acknowledge_another_severity(
    office: PostOffice, link: str, now: Severity
) -> None:
    office.has(alarm(office.people, severity=now))
    with pytest.raises(Refused, match="changed since"):
        use(office, link, Taken())


def test_what_is_kept_for_all_to_read_holds_no_link_that_works(
    database: Database, tmp_path: Path
) -> None:
    ward = Hospital(Wiring(database, Roster(hospital(tmp_path))))
    ward.folds()
    ward.sends()
    with database.reading() as session:
        kept = session.scalars(select(LocalMessage.text)).all()
    assert len(kept) == 2
    for text in kept:
        assert "/acknowledge/" not in text
        assert "https://ward.example.org/" in text


def test_a_link_that_was_refused_is_not_used_up(office: PostOffice, link: str) -> None:
    def refuse(*_: object) -> None:
        raise Refused

    with pytest.raises(Refused):
        acknowledge_by(
            link, office.now_ms(), links=LINKS, database=office.database, then=refuse
        )
    taken = Taken()
    use(office, link, taken)
    assert len(taken) == 1


def test_a_link_of_another_key_is_refused(office: PostOffice) -> None:
    forged = Links(LINKS.page_url, "guessed").acknowledgement(office.rows()[0])
    with pytest.raises(Refused, match="not one of ours"):
        use(office, forged, Taken())


def test_a_link_of_a_notice_that_is_gone_is_refused(office: PostOffice) -> None:
    gone = Notice(number=999, created_ms=office.now_ms())
    with pytest.raises(Refused, match="nothing is known"):
        use(office, LINKS.acknowledgement(gone), Taken())


@given(st.data())
def test_a_link_with_a_letter_changed_is_refused(data: st.DataObject) -> None:
    token = LINKS.acknowledgement(Notice(number=7, created_ms=0)).rsplit("/", 1)[1]
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    try:
        number = LINKS.number(changed)
    except Refused:
        return
    assert number == 7, "base64 leaves bits of the last letter unused"


def test_a_link_is_always_the_same(office: PostOffice, link: str) -> None:
    assert LINKS.acknowledgement(office.rows()[0]) == link
    assert link.startswith("https://ward.example.org/acknowledge/")
