"""Sign-in with OpenID Connect: who the provider vouches for comes in, nobody else."""

import base64
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi import Response
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from alerts.delivery_settings import DeliverySettings
from gateway import openid
from gateway.app import application
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.ward import Ward
from tests.gateway import small_ward
from tests.gateway.chromium import chromium, needs_chromium
from tests.gateway.small_ward import PlayedSource, Served, steps
from tests.gateway.stand_in_provider import (
    ANOTHER_KEY,
    CLIENT_ID,
    SECRET,
    Running,
    StandIn,
    free_port,
)

PAGE = "http://127.0.0.1:8090"
NURSE = {"user": "nurse", "password": "a-password"}

Visitor = Callable[..., TestClient]


@pytest.fixture
def stand_in() -> StandIn:
    """Return a provider that does as it should."""
    return StandIn()


@pytest.fixture
def running(stand_in: StandIn) -> Iterator[Running]:
    """Let it answer."""
    started = Running(stand_in)
    yield started
    started.stop()


@pytest.fixture
def visitor(ward: Ward, feed: Feed, desk: Desk, stand_in: StandIn) -> Visitor:
    """Return what makes visitors of a page that asks the provider."""

    def visitor(**more: str) -> TestClient:
        settings = small_ward.settings(1, **(stand_in.settings() | more))
        delivery = DeliverySettings(page_url=PAGE)
        app = application(settings, delivery, ward=ward, feed=feed, desk=desk)
        return TestClient(app, base_url=PAGE, follow_redirects=False)

    return visitor


@pytest.fixture
def client(visitor: Visitor) -> TestClient:
    return visitor()


def sent_back(client: TestClient, begin: str = "/sign-in/openid") -> str:
    """Return where the provider sends a visitor who begins to sign in."""
    there = client.get(begin)
    assert there.status_code == 302, there.text
    return httpx.get(there.headers["location"]).headers["location"]


def refused(client: TestClient, address: str, status: int) -> str:
    """Return what stands on the page, of somebody who is not let in."""
    answer = client.get(address)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert "Traceback" not in answer.text
    assert client.get("/").status_code == 303
    return answer.text


def session(client: TestClient) -> dict[str, Any]:
    """Return what the cookie says."""
    said, _, _ = str(client.cookies["vigil"]).partition(".")
    found: dict[str, Any] = json.loads(base64.b64decode(said))
    return found


@pytest.mark.usefixtures("running")
def test_whom_the_provider_knows_comes_in_under_that_name(client: TestClient) -> None:
    answer = client.get(sent_back(client))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Sign out ada" in client.get("/").text


@pytest.mark.usefixtures("running")
def test_the_question_has_proof_state_and_nonce_new_each_time(
    client: TestClient, stand_in: StandIn
) -> None:
    sent_back(client)
    sent_back(client)
    first, second = stand_in.asked
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert first["scope"] == "openid profile"
    assert first["redirect_uri"] == f"{PAGE}/sign-in/openid/back"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


@pytest.mark.usefixtures("running")
def test_the_session_is_that_of_a_local_user(client: TestClient) -> None:
    def lasts(cookie: str) -> str:
        return cookie.partition("; ")[2]

    by_provider = client.get(sent_back(client)).headers["set-cookie"]
    assert session(client)["user"] == "ada"
    assert not [name for name in session(client) if name.startswith("_state")]
    by_password = client.post("/sign-in", data=NURSE).headers["set-cookie"]
    assert "Max-Age" in by_provider
    assert lasts(by_provider) == lasts(by_password)
    assert session(client).keys() == {"user", "id"}
    assert session(client)["user"] == "nurse"


@pytest.mark.usefixtures("running")
def test_a_link_somewhere_else_is_not_followed(client: TestClient) -> None:
    elsewhere = "next=https://evil.example&redirect_uri=https://evil.example"
    address = sent_back(client, f"/sign-in/openid?{elsewhere}")
    assert address.startswith(f"{PAGE}/sign-in/openid/back?")
    assert client.get(f"{address}&{elsewhere}").headers["location"] == "/"


@pytest.mark.usefixtures("running")
def test_another_state_opens_nothing(client: TestClient) -> None:
    address = sent_back(client)
    state = dict(parse_qsl(urlsplit(address).query))["state"]
    forged = address.replace(state, "f" * len(state))
    assert "begin again" in refused(client, forged, 403)


@pytest.mark.usefixtures("running")
def test_what_another_browser_began_opens_nothing(
    client: TestClient, visitor: Visitor
) -> None:
    assert "begin again" in refused(visitor(), sent_back(client), 403)


@pytest.mark.usefixtures("running")
def test_who_came_back_once_does_not_come_in_again(client: TestClient) -> None:
    address = sent_back(client)
    client.get(address)
    client.post("/sign-out")
    assert "begin again" in refused(client, address, 403)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another"], "azp": CLIENT_ID},
        {"aud": None},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"exp": -600},
        {"exp": None},
        {"iat": 600},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    client: TestClient, stand_in: StandIn, lie: dict[str, Any]
) -> None:
    stand_in.lies = {name: _from_now(value) for name, value in lie.items()}
    assert "does not count" in refused(client, sent_back(client), 502)


def _from_now(value: object) -> object:
    """Return when a number of seconds from now is; anything else as it is."""
    return int(time.time()) + value if isinstance(value, int) else value


@pytest.mark.usefixtures("running")
def test_a_token_that_another_signed_opens_nothing(
    client: TestClient, stand_in: StandIn
) -> None:
    stand_in.key = ANOTHER_KEY
    assert "does not count" in refused(client, sent_back(client), 502)


@pytest.mark.usefixtures("running")
def test_a_token_that_nobody_signed_opens_nothing(
    client: TestClient, stand_in: StandIn
) -> None:
    stand_in.algorithm = "none"
    assert "does not count" in refused(client, sent_back(client), 502)


@pytest.mark.usefixtures("running")
def test_who_says_no_is_told_so(client: TestClient, stand_in: StandIn) -> None:
    stand_in.denies = True
    assert "told not to" in refused(client, sent_back(client), 403)


@pytest.mark.usefixtures("running")
def test_a_stranger_s_words_do_not_stand_on_the_page(client: TestClient) -> None:
    said = "error=odd&error_description=Call+555"
    assert "555" not in refused(client, f"/sign-in/openid/back?{said}", 502)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("token", "status"),
    [
        (Response("<h1>oh dear</h1>", 500), 503),
        (Response("<h1>oh dear</h1>", 200), 502),
        (JSONResponse(["odd"]), 502),
        (JSONResponse({"error": "invalid_client"}, 401), 502),
        (JSONResponse({"access_token": "a", "token_type": "Bearer"}), 502),
        (JSONResponse({"access_token": "a", "id_token": "odd"}), 502),
        (JSONResponse({"access_token": "a", "id_token": 7}), 502),
    ],
)
def test_an_odd_answer_instead_of_a_token_opens_nothing(
    client: TestClient, stand_in: StandIn, token: Response, status: int
) -> None:
    stand_in.token = token
    refused(client, sent_back(client), status)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    "odd",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"client_id": "another"},
    ],
    ids=str,
)
def test_an_odd_provider_is_not_asked(
    client: TestClient, stand_in: StandIn, odd: dict[str, Any]
) -> None:
    stand_in.says_of_itself = odd
    assert "does not count" in refused(client, "/sign-in/openid", 502)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("keys", [[], ["odd"], {}, {"keys": 7}, {"keys": ["odd"]}])
def test_odd_keys_open_nothing(
    client: TestClient, stand_in: StandIn, keys: object
) -> None:
    stand_in.keys = keys
    assert "does not count" in refused(client, sent_back(client), 502)


def test_a_provider_that_is_away_is_said_so(client: TestClient) -> None:
    assert "does not answer now" in refused(client, "/sign-in/openid", 503)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("part", ["token_endpoint", "jwks_uri"])
def test_and_so_is_one_that_goes_away_in_between(
    client: TestClient, stand_in: StandIn, part: str
) -> None:
    address = sent_back(client)
    stand_in.says_of_itself = {part: f"http://127.0.0.1:{free_port()}"}
    assert "does not answer now" in refused(client, address, 503)


def test_one_that_went_away_altogether_too(
    client: TestClient, running: Running
) -> None:
    address = sent_back(client)
    running.stop()
    assert "does not answer now" in refused(client, address, 503)


def test_one_that_never_answers_is_away(
    client: TestClient, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid, "PATIENCE_S", 0.2)
    took_s = []
    with socket.create_server(("127.0.0.1", stand_in.port)):
        for _ in range(3):  # a busy machine halts for once, not each time
            begun_s = time.monotonic()
            assert "does not answer now" in refused(client, "/sign-in/openid", 503)
            took_s.append(time.monotonic() - begun_s)
    assert min(took_s) < 3


def test_without_the_provider_the_page_goes_on(
    client: TestClient, running: Running
) -> None:
    client.get(sent_back(client))
    running.stop()
    assert client.get("/sign-in/openid").status_code == 503
    assert "Sign out ada" in client.get("/").text
    out = client.post("/sign-out")
    assert out.headers["location"] == f"{PAGE}/sign-in"
    assert client.get("/").status_code == 303
    assert client.post("/sign-in", data=NURSE).headers["location"] == "/"


@pytest.mark.usefixtures("running")
def test_signing_out_leads_to_the_provider_s_own(
    client: TestClient, stand_in: StandIn
) -> None:
    client.get(sent_back(client))
    out = urlsplit(client.post("/sign-out").headers["location"])
    said = dict(parse_qsl(out.query))
    assert out._replace(query="").geturl() == f"{stand_in.issuer}/leave"
    assert said["client_id"] == CLIENT_ID
    assert said["post_logout_redirect_uri"] == f"{PAGE}/sign-in"
    assert client.get("/").status_code == 303


@pytest.mark.usefixtures("running")
def test_signing_out_ends_here_where_the_provider_has_no_such_page(
    client: TestClient, stand_in: StandIn
) -> None:
    stand_in.says_of_itself = {"end_session_endpoint": None}
    client.get(sent_back(client))
    assert client.post("/sign-out").headers["location"] == f"{PAGE}/sign-in"


@pytest.mark.usefixtures("running")
def test_a_local_user_signs_out_here_alone(client: TestClient) -> None:
    client.post("/sign-in", data=NURSE)
    assert client.post("/sign-out").headers["location"] == "/sign-in"


@pytest.mark.usefixtures("running")
def test_another_claim_can_name_the_user(visitor: Visitor, stand_in: StandIn) -> None:
    stand_in.lies = {"email": "ada@example.org"}
    client = visitor(gateway_oidc_user_claim="email")
    client.get(sent_back(client))
    assert session(client)["user"] == "ada@example.org"


@pytest.mark.usefixtures("running")
def test_a_name_that_is_not_in_the_token_is_asked_for(
    client: TestClient, stand_in: StandIn
) -> None:
    stand_in.lies = {"preferred_username": None}
    stand_in.tells = {"sub": "ada-1", "preferred_username": "countess"}
    client.get(sent_back(client))
    assert session(client)["user"] == "countess"


@pytest.mark.usefixtures("running")
def test_but_not_taken_if_it_is_somebody_else_s(
    client: TestClient, stand_in: StandIn
) -> None:
    stand_in.lies = {"preferred_username": None}
    stand_in.tells = {"sub": "eve-1", "preferred_username": "ada"}
    refused(client, sent_back(client), 502)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("name", [None, "", " ada", "a\nb", "\u202eada", 7, ["ada"]])
def test_who_has_no_name_is_not_let_in(
    client: TestClient, stand_in: StandIn, name: object
) -> None:
    stand_in.lies = {"preferred_username": name}
    text = refused(client, sent_back(client), 403)
    assert "does not say your name (preferred_username)" in text


@pytest.mark.usefixtures("running")
def test_nobody_takes_the_name_of_a_local_user(
    client: TestClient, stand_in: StandIn
) -> None:
    stand_in.lies = {"preferred_username": "Nurse"}
    assert "another name" in refused(client, sent_back(client), 403)


def test_the_ways_in_are_those_of_the_settings(visitor: Visitor) -> None:
    both = visitor().get("/sign-in").text
    assert f'href="{PAGE}/sign-in/openid">Sign in with the hospital<' in both
    assert 'name="password"' in both
    assert (
        "Sign in with 127.0.0.1<" in visitor(gateway_oidc_name="").get("/sign-in").text
    )
    assert "password" not in visitor(gateway_users="").get("/sign-in").text
    nowhere = dict.fromkeys(StandIn(port=1).settings(), "")
    local = visitor(**nowhere)
    assert "Sign in with" not in local.get("/sign-in").text
    assert local.get("/sign-in/openid").status_code == 404


@pytest.mark.usefixtures("running")
def test_the_log_has_the_reason_and_no_secret(
    client: TestClient, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stand_in.lies = {"aud": "another"}
    refused(client, sent_back(client), 502)
    assert "aud" in caplog.text
    assert stand_in.issuer in caplog.text
    for secret in (SECRET, "an-access-token", "code_verifier"):
        assert secret not in caplog.text


@pytest.mark.usefixtures("running")
def test_the_whole_way_over_real_http(desk: Desk, stand_in: StandIn) -> None:
    alarm = small_ward.found(desk, 1)
    port = free_port()
    served = Served(PlayedSource(1), port, desk, **stand_in.settings())
    page = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=page, follow_redirects=True) as browser:
            assert "Sign out ada" in browser.get("/sign-in/openid").text
            given = {"reason": "on my way"}
            done = browser.post(f"/alarms/{alarm.alarm_id}/acknowledge", json=given)
            assert done.status_code == 200
            assert steps(desk)[-1] == ("acknowledged", "ada", "on my way")
            out = browser.post("/sign-out")
            assert [str(each.url) for each in out.history][-1].startswith(
                f"{stand_in.issuer}/leave?"
            )
            assert str(out.url) == f"{page}/sign-in"
            assert browser.get("/events").status_code == 401
    finally:
        served.stop()


@needs_chromium
@pytest.mark.usefixtures("running")
def test_the_whole_way_in_a_real_browser(desk: Desk, stand_in: StandIn) -> None:
    port = free_port()
    served = Served(PlayedSource(1), port, desk, **stand_in.settings())
    try:
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"http://localhost:{port}/")
            page.get_by_role("link", name="Sign in with the hospital").click()
            expect(page).to_have_url(f"http://127.0.0.1:{port}/")
            page.get_by_role("button", name="Sign out ada").click()
            expect(page).to_have_url(f"http://127.0.0.1:{port}/sign-in")
            page.close()
    finally:
        served.stop()
