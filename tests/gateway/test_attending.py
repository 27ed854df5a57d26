"""Attending to alarms: from the page, and by a link in a message."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from alerts.model import Alarm, State
from alerts.notice_table import LocalMessage
from cep_patterns.pattern import Severity
from gateway.desk import UNREADABLE, Desk
from gateway.ward import EVERYWHERE, Ward
from tests.gateway import small_ward
from tests.gateway.small_ward import notices, steps


@pytest.fixture
def raised(desk: Desk) -> Alarm:
    return small_ward.found(desk, 1)


@pytest.fixture
def link(desk: Desk, raised: Alarm) -> str:
    assert raised.state is State.RAISED
    return "/" + desk.links.acknowledgement(notices(desk)[0]).split("/", 3)[3]


def test_who_is_signed_in_acknowledges_in_his_own_name(
    nurse: TestClient, desk: Desk, raised: Alarm, ward: Ward
) -> None:
    path = f"/alarms/{raised.alarm_id}/acknowledge"
    assert nurse.post(path, json={"reason": "on my way"}).json() == {
        "state": "acknowledged"
    }
    assert steps(desk)[-1] == ("acknowledged", "nurse", "on my way")
    patient = ward.patient("patient-00001")
    assert patient is not None
    assert [each.by for each in patient.conditions.ongoing()] == ["nurse"]


def test_shelving_needs_a_reason_and_has_an_end(
    nurse: TestClient, desk: Desk, raised: Alarm
) -> None:
    path = f"/alarms/{raised.alarm_id}/shelve"
    assert nurse.post(path, json={"minutes": 10, "reason": ""}).status_code == 422
    assert nurse.post(path, json={"minutes": 0, "reason": "why"}).status_code == 422
    too_long = nurse.post(path, json={"minutes": 31, "reason": "why"})
    assert too_long.status_code == 409
    assert "30 minutes at most" in too_long.json()["detail"]
    shelved = nurse.post(path, json={"minutes": 30, "reason": "why"})
    assert shelved.json() == {"state": "shelved"}
    assert steps(desk)[-1] == ("shelved", "nurse", "why")


@pytest.mark.parametrize("what", ["acknowledge", "shelve"])
def test_nobody_else_does(
    client: TestClient, desk: Desk, raised: Alarm, what: str
) -> None:
    body = {"reason": "why", "minutes": 5}
    answer = client.post(f"/alarms/{raised.alarm_id}/{what}", json=body)
    assert answer.status_code == 401
    assert len(steps(desk)) == 1


def test_a_form_of_another_site_does_not_either(
    nurse: TestClient, desk: Desk, raised: Alarm
) -> None:
    """A browser asks before it sends JSON across sites, and sends forms unasked."""
    answer = nurse.post(
        f"/alarms/{raised.alarm_id}/acknowledge",
        content='{"reason": ""}',
        headers={"content-type": "text/plain"},
    )
    assert answer.status_code == 422
    assert len(steps(desk)) == 1


def test_an_alarm_that_is_not_there_is_refused_in_words(nurse: TestClient) -> None:
    answer = nurse.post("/alarms/nothing/acknowledge", json={})
    assert answer.status_code == 409
    assert "there is no alarm 'nothing'" in answer.json()["detail"]


def test_the_beginning_of_an_id_is_no_alarm(
    nurse: TestClient, desk: Desk, raised: Alarm
) -> None:
    beginning = raised.alarm_id[:-1]
    answer = nurse.post(f"/alarms/{beginning}/acknowledge", json={})
    assert answer.status_code == 409
    assert len(steps(desk)) == 1


def test_a_database_that_is_away_is_said_and_nothing_is_done(
    nurse: TestClient, desk: Desk, raised: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Alarm:
        raise OperationalError(statement="", params=None, orig=Exception())

    monkeypatch.setattr(Desk, "do", away)
    answer = nurse.post(f"/alarms/{raised.alarm_id}/acknowledge", json={})
    assert answer.status_code == 503
    assert "nothing was done" in answer.json()["detail"]
    assert len(steps(desk)) == 1


def test_looking_at_a_link_changes_nothing(
    client: TestClient, desk: Desk, link: str
) -> None:
    for _ in range(2):
        shown = client.get(link)
        assert shown.status_code == 200
        assert "high" in shown.text
        assert "patient-00001" in shown.text
        assert "apnoea" not in shown.text, "it may be a diagnosis"
    assert [kind for kind, *_ in steps(desk)] == ["raised"]


def test_a_link_acknowledges_once_in_the_name_of_whom_it_was_sent_to(
    client: TestClient, desk: Desk, link: str, ward: Ward
) -> None:
    done = client.post(link)
    assert done.status_code == 200
    assert "apnoea" not in done.text
    recipient = notices(desk)[0].recipient
    assert steps(desk)[-1] == ("acknowledged", recipient, "")
    assert ward.patient("patient-00001") is not None
    for again in (client.post, client.get):
        refused = again(link)
        assert refused.status_code == 409
        assert "used before" in refused.text
    assert len(steps(desk)) == 2


def test_a_link_of_what_became_graver_shows_the_page_to_sign_in(
    client: TestClient, desk: Desk
) -> None:
    small_ward.found(desk, 1, Severity.MEDIUM)
    link = "/" + desk.links.acknowledgement(notices(desk)[0]).split("/", 3)[3]
    assert client.get(link).status_code == 200
    small_ward.found(desk, 1, Severity.HIGH, match_id="graver")
    said = len(steps(desk))
    for ask in (client.get, client.post):
        refused = ask(link)
        assert refused.status_code == 409
        assert "changed since this message" in refused.text
        assert '<a href="/">' in refused.text
    assert len(steps(desk)) == said


def test_messages_that_no_provider_took_are_shown_and_open_nothing(
    nurse: TestClient, desk: Desk
) -> None:
    assert "Nothing yet" in nurse.get("/outbox").text
    kept = {
        "message_id": "m",
        "channel": "sms",
        "recipient": "day",
        "subject": "high: Bed 1",
        "text": "<b>Look</b> http://127.0.0.1/acknowledge/x",
        "sent_ms": 1,
    }
    with desk.wiring.database.writing() as session:
        session.add(LocalMessage(**kept))
    shown = nurse.get("/outbox").text
    assert "<a href" not in shown.partition("<article")[2], "devices wrote it"
    assert "&lt;b&gt;Look" in shown
    assert "sms to day" in shown


def test_the_outbox_is_for_those_who_signed_in(client: TestClient) -> None:
    assert client.get("/outbox").status_code == 401


def test_a_forged_link_opens_nothing(client: TestClient, link: str) -> None:
    for ask in (client.get, client.post):
        refused = ask(link[:-2] + "xx")
        assert refused.status_code == 409
        assert "not one of ours" in refused.text


def test_the_page_starts_with_the_alarms_that_are_open(desk: Desk) -> None:
    small_ward.found(desk, 1)
    small_ward.found(desk, 2, Severity.LOW)  # not raised before its delay is over
    assert [each.patient_id for each in desk.open_alarms()] == [
        "patient-00001",
    ]


def test_what_is_wrong_with_vigil_concerns_every_ward(desk: Desk) -> None:
    assert desk.place_of("vigil")[0] == EVERYWHERE
    assert desk.place_of("icu-1") == ("icu", "Bed 1")
    assert desk.place_of("somebody") == ("other", "somebody")


def test_without_an_account_there_is_no_call_back(client: TestClient) -> None:
    assert client.post("/twilio/status?message=m").status_code == 404


def test_the_beginning_of_an_id_is_not_an_alarm(
    nurse: TestClient, desk: Desk, raised: Alarm
) -> None:
    for beginning in (raised.alarm_id[:8], raised.alarm_id[:-1], ""):
        answer = nurse.post(f"/alarms/{beginning}/acknowledge", json={})
        assert answer.status_code == 409
    assert len(steps(desk)) == 1


def test_who_is_signed_in_sends_a_patient_home(
    nurse: TestClient, desk: Desk, raised: Alarm, ward: Ward
) -> None:
    ward.know(raised)
    path = f"/patients/{raised.patient_id}/discharge"
    assert nurse.post(path, json={"reason": "no"}).status_code == 422
    assert nurse.post(path, json={"reason": "went home"}).json() == {"closed": 1}
    assert steps(desk)[-1] == ("cleared", "nurse", "went home")
    assert ward.patient(raised.patient_id) is None
    assert nurse.post(path, json={"reason": "went home"}).status_code == 404


def test_nobody_else_sends_anybody_home(
    client: TestClient, desk: Desk, raised: Alarm, ward: Ward
) -> None:
    ward.know(raised)
    path = f"/patients/{raised.patient_id}/discharge"
    assert client.post(path, json={"reason": "went home"}).status_code == 401
    assert len(steps(desk)) == 1


def test_an_alarm_forged_to_be_over_is_shown_again_from_the_database(
    desk: Desk, raised: Alarm, ward: Ward
) -> None:
    ward.know(raised)
    forged = small_ward.alarm(1, 0, small_ward.now_ms(), "cleared", 2**31 - 1)
    payload = (forged.payload or b"").replace(b"alarm-1-0", raised.alarm_id.encode())
    ward.take(forged._replace(payload=payload))
    patient = ward.patient(raised.patient_id)
    assert patient is not None
    assert patient.conditions.ongoing() == []
    ward.confirm(desk.look().alarms or [], ward.version)
    assert [each.alarm_id for each in patient.conditions.ongoing()] == [raised.alarm_id]


def test_an_alarm_that_cannot_be_read_hides_no_other_and_is_named(desk: Desk) -> None:
    """Another version wrote it, or somebody by hand."""
    odd, known = small_ward.found(desk, 1), small_ward.found(desk, 2)
    with desk.wiring.database.writing() as session:
        of_it = text("UPDATE alarm SET severity = 'dire' WHERE alarm_id = :odd")
        session.execute(of_it, {"odd": odd.alarm_id})
    assert [each.alarm_id for each in desk.open_alarms()] == [known.alarm_id]
    look = desk.look()
    assert look.alarms is not None
    assert [each.alarm_id for each in look.alarms] == [known.alarm_id]
    assert f"{UNREADABLE} {odd.patient_id}. Look at them." in {
        each.text for each in look.banners if each.weight == "grave"
    }
