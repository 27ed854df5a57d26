"""Whoever sends dies at every step: nothing is lost, and nothing comes twice.

The one exception: a provider that cannot say whether it has a message, when we died
after it took the message and before that was written down.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from alerts.channels import NotNowError
from alerts.claims import claim
from alerts.database import Database
from alerts.email import Email
from alerts.notice_table import Sending
from alerts.outbox import settle
from alerts.sender import Sender
from stack.environment import ROOT
from stack.waiting import PATIENCE_S
from tests.alerts.dying_sender import WHERE
from tests.alerts.hospital import alarm, hospital
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.post_office import PostOffice, Provider

DEAD = -9


class Killed(BaseException):
    """What nobody catches."""


Die = Callable[[pytest.MonkeyPatch, PostOffice], None]


def _before(name: str) -> Die:
    def die(patch: pytest.MonkeyPatch, _office: PostOffice) -> None:
        def killed(*_: object, **__: object) -> None:
            raise Killed

        patch.setattr(f"alerts.{name}", killed)

    return die


def _after_claim_before_commit(patch: pytest.MonkeyPatch, _office: PostOffice) -> None:
    def killed(*args: object) -> None:
        claim(*args)  # type: ignore[arg-type]
        raise Killed

    patch.setattr("alerts.sender.claim", killed)


def _before_hand_over(_patch: pytest.MonkeyPatch, office: PostOffice) -> None:
    provider = office.channel
    assert isinstance(provider, Provider)
    provider.answers = [Killed()]


def _after_settling_before_commit(
    patch: pytest.MonkeyPatch, _office: PostOffice
) -> None:
    def killed(*args: object, **became: object) -> None:
        settle(*args, **became)  # type: ignore[arg-type]
        raise Killed

    patch.setattr("alerts.outcomes.settle", killed)


STEPS = {
    "before it is claimed": (_before("sender.claim"), 1),
    "claimed, not committed": (_after_claim_before_commit, 1),
    "claimed, not handed over": (_before_hand_over, 1),
    "taken, not settled": (_before("outcomes.settle"), 2),
    "settled, not committed": (_after_settling_before_commit, 2),
}
"""How often a provider that forgets gets the message at most."""


@contextmanager
def dying(die: Die, office: PostOffice) -> Iterator[Sender]:
    with pytest.MonkeyPatch.context() as patch:
        sender = office.sender()
        die(patch, office)
        yield sender


@pytest.mark.parametrize("forgets", [False, True], ids=["tells", "forgets"])
@pytest.mark.parametrize("step", STEPS)
def test_death_at_any_step_loses_nothing_and_doubles_only_what_nobody_can_tell(
    tmp_path: Path, step: str, *, forgets: bool
) -> None:
    die, most = STEPS[step]
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    provider = Provider(forgets=forgets)
    office = PostOffice(database, hospital(tmp_path), provider)
    office.happens(alarm(office.people))
    with dying(die, office) as sender, pytest.raises(Killed):
        sender.send_due()
    again = office.sender()
    again.resume()
    again.send_due()
    assert office.became() == [Sending.SENT]
    count = provider.count()
    assert set(count) == {row.notice_id for row in office.rows()}
    assert max(count.values()) <= (most if forgets else 1)
    assert again.send_due() == 0


def test_death_after_the_end_changes_nothing(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    provider = Provider(forgets=True)
    office = PostOffice(database, hospital(tmp_path), provider)
    office.happens(alarm(office.people))
    office.sender().send_due()
    again = office.sender()
    again.resume()
    assert again.send_due() == 0
    assert len(provider.taken) == 1


def test_a_provider_that_is_down_at_the_next_start_is_asked_later(
    tmp_path: Path,
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    provider = Provider(forgets=True)
    office = PostOffice(database, hospital(tmp_path), provider)
    office.happens(alarm(office.people))
    with dying(_before_hand_over, office) as sender, pytest.raises(Killed):
        sender.send_due()
    provider.answers = [NotNowError("down")]
    again = office.sender()
    again.resume()
    assert office.became() == [Sending.WAITING]
    office.later(60)
    again.send_due()
    assert office.became() == [Sending.SENT]


@pytest.mark.parametrize("where", WHERE)
def test_a_process_that_is_killed_while_it_sends_mail(
    tmp_path: Path, where: str
) -> None:
    """``kill -9`` for once: a whole process, a real server, a file on disk."""
    mailbox, url = Mailbox(), f"sqlite:///{tmp_path}/alarms.db"
    with mail_server(mailbox) as server:
        office = PostOffice(
            Database.open(url), hospital(tmp_path), Email(server), name="email"
        )
        office.happens(alarm(office.people))
        options = [where, url, str(tmp_path / "people.yaml"), str(server.port)]
        died = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", "tests.alerts.dying_sender", *options],
            cwd=ROOT,
            timeout=PATIENCE_S,
            check=False,
        )
        assert died.returncode == DEAD
        assert office.became() == [Sending.SENDING]
        again = office.sender()
        again.resume()
        assert again.send_due() == 0
    assert office.became() == [Sending.SENT]
    assert len({mail["Message-ID"] for mail in mailbox.arrived}) == 1
    assert len(mailbox.arrived) == WHERE[where]
