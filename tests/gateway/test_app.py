"""Who sees what: the page, its data, and the door in front of them."""

import pytest
from fastapi.testclient import TestClient

from gateway import access
from gateway.pages import STATIC
from gateway.ward import Ward
from tests.gateway import small_ward


def test_the_page_is_for_those_who_signed_in(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("path", ["/events", "/patients/p"])
def test_and_so_is_its_data(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401


def test_the_right_password_opens_the_page(client: TestClient) -> None:
    form = {"user": "nurse", "password": "a-password"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = client.get("/")
    assert page.status_code == 200
    assert "Sign out nurse" in page.text


@pytest.mark.parametrize(
    "form",
    [
        {"user": "nurse", "password": "another"},
        {"user": "nurse", "password": ""},
        {"user": "nobody", "password": ""},
        {},
    ],
)
def test_anything_else_does_not(
    client: TestClient, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "WRONG_COSTS_S", 0)
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert client.get("/").status_code == 303


def test_a_forged_cookie_opens_nothing(client: TestClient) -> None:
    client.cookies.set("vigil", "eyJ1c2VyIjogIm51cnNlIn0=.awHyRg.forged")
    assert client.get("/").status_code == 303


def test_who_signs_out_is_out(nurse: TestClient) -> None:
    nurse.post("/sign-out")
    assert nurse.get("/").status_code == 303


def test_the_cookie_is_not_for_scripts_and_other_sites(client: TestClient) -> None:
    form = {"user": "nurse", "password": "a-password"}
    cookie = client.post("/sign-in", data=form).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_under_another_name_there_is_no_page(nurse: TestClient) -> None:
    answer = nurse.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400


def test_a_patient_is_told_with_his_hours(nurse: TestClient, ward: Ward) -> None:
    now_ms = small_ward.now_ms()
    ward.take(small_ward.reading(3, now_ms))
    ward.take(small_ward.alarm(3, 0, now_ms))
    told = nurse.get("/patients/patient-00003").json()
    assert told["place"] == "patient-00003"
    assert told["alarms"][0]["pattern_name"] == "desaturation"
    course = told["courses"]["heart_rate_bpm"]
    assert len(course["low"]) * course["slot_ms"] == 4 * 3600 * 1000
    assert course["low"][0] is None
    assert course["high"][-1] is not None
    assert told["past"] == []


def test_of_somebody_else_nothing_is_known(nurse: TestClient) -> None:
    answer = nurse.get("/patients/patient-00004")
    assert answer.status_code == 404
    assert "patient-00004" in answer.json()["detail"]


def test_nothing_is_loaded_from_afar(nurse: TestClient) -> None:
    for page in (nurse.get("/").text, nurse.get("/sign-in").text):
        assert "http://" not in page
        assert "https://" not in page
    for file in STATIC.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, file
        assert "https:" not in text, file
        assert nurse.get(f"/static/{file.name}").status_code == 200


def test_whether_it_is_up_may_be_asked_by_all(client: TestClient) -> None:
    assert client.get("/health").status_code == 200


def test_every_answer_forbids_foreign_frames_and_scripts(client: TestClient) -> None:
    policy = client.get("/sign-in").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
