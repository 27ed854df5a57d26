"""Who sees what: the page, its data, and the door in front of them."""

import pytest
from fastapi.testclient import TestClient

from alerts.delivery_settings import DeliverySettings
from gateway import access
from gateway.app import application
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.pages import STATIC
from gateway.ward import Ward
from tests.gateway import small_ward

NURSE = {"user": "nurse", "password": "a-password"}


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


def test_every_answer_forbids_foreign_frames_scripts_and_forms(
    client: TestClient,
) -> None:
    for path in ("/sign-in", "/nothing", "/static/page.css"):
        policy = client.get(path).headers["content-security-policy"].split("; ")
        assert policy == [
            "default-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        ]


def test_nothing_about_patients_stays_in_a_browsers_cache(nurse: TestClient) -> None:
    for path in ("/", "/outbox", "/patients/p", "/sign-in", "/health", "/static"):
        assert nurse.get(path).headers["cache-control"] == "no-store"
    assert nurse.get("/static/page.css").headers["cache-control"] == "no-cache"


def test_an_address_with_tls_stays_one(ward: Ward, feed: Feed, desk: Desk) -> None:
    delivery = DeliverySettings(page_url="https://vigil.example")
    app = application(small_ward.settings(1), delivery, ward=ward, feed=feed, desk=desk)
    client = TestClient(app, base_url="https://vigil.example", follow_redirects=False)
    answer = client.post("/sign-in", data=NURSE)
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-vigil=")
    assert {"path=/", "secure"} <= {part.strip() for part in cookie.lower().split(";")}
    assert "domain" not in cookie.lower()
    assert client.get("/").status_code == 200


def test_without_tls_nothing_is_promised(client: TestClient) -> None:
    answer = client.post("/sign-in", data=NURSE)
    assert "strict-transport-security" not in answer.headers


ELSEWHERE: tuple[dict[str, str], ...] = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:3000"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1"},
)
HERE: tuple[dict[str, str], ...] = (
    {},
    {"origin": "http://127.0.0.1"},
    {"origin": "http://127.0.0.1:8090", "host": "127.0.0.1"},  # page_url, by a proxy
    {"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1"},
    {"sec-fetch-site": "none"},
)


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/alarms/a/acknowledge"])
def test_another_site_signs_nobody_in_or_out_and_acknowledges_nothing(
    nurse: TestClient, path: str, headers: dict[str, str]
) -> None:
    answer = nurse.post(path, data=NURSE, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert nurse.get("/").status_code == 200


@pytest.mark.parametrize("headers", HERE)
def test_our_own_page_does(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/sign-in", data=NURSE, headers=headers).status_code == 303


@pytest.mark.parametrize(
    ("patient_id", "path"),
    [
        ("2026/00123", "/patients/2026%2F00123"),
        ("2026/00123", "/patients/2026/00123"),
        ("a..b", "/patients/a..b"),
        ("ward:3/bed.4", "/patients/ward%3A3%2Fbed.4"),
    ],
)
def test_any_id_that_the_contract_allows_is_opened_and_sent_home(
    nurse: TestClient, ward: Ward, patient_id: str, path: str
) -> None:
    reading = small_ward.reading(1, small_ward.now_ms())
    payload = (reading.payload or b"").replace(b"patient-00001", patient_id.encode())
    ward.take(reading._replace(payload=payload))
    assert nurse.get(path).json()["place"] == patient_id
    assert nurse.post(f"{path}/discharge", json={"reason": "home"}).json() == {
        "closed": 0
    }
    assert nurse.get(path).status_code == 404
