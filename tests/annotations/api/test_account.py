"""Signing in from a program."""

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.factories import PASSWORD, make_user
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _ask(login: str, password: str = PASSWORD) -> APIClient:
    """A client that holds the answer's token."""
    client = APIClient()
    answer = client.post("/api/token/", {"login": login, "password": password}, format="json")
    assert answer.status_code == 200, answer.content
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    return client


@pytest.mark.parametrize("login", ["alice", "alice@example.org", "ALICE@example.org"])
def test_a_token_is_given_for_user_name_or_e_mail(login: str) -> None:
    alice = make_user("alice")
    assert _ask(login).get("/api/me/").json() == {
        "id": alice.pk,
        "username": "alice",
        "email": "alice@example.org",
    }


def test_a_user_name_may_look_like_an_address() -> None:
    alice = make_user("alice@lab", email="a@example.org")
    assert _ask("alice@lab").get("/api/me/").json()["id"] == alice.pk


def test_asking_twice_gives_the_same_token() -> None:
    make_user("alice")
    for _ in range(2):
        assert _ask("alice").get("/api/me/").status_code == 200
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    ("login", "password"),
    [("alice", "wrong"), ("alice@example.org", "wrong"), ("nobody", PASSWORD)],
)
def test_wrong_names_and_passwords_are_not_told_apart(login: str, password: str) -> None:
    make_user("alice")
    answer = APIClient().post("/api/token/", {"login": login, "password": password}, format="json")
    assert answer.status_code == 400
    assert answer.json()["login"] == ["User name or password is wrong."]


def test_a_closed_account_gets_no_token() -> None:
    make_user("alice", is_active=False)
    answer = APIClient().post("/api/token/", {"login": "alice", "password": PASSWORD})
    assert answer.status_code == 400


def test_guessing_is_slowed_down() -> None:
    client = APIClient()
    codes = [client.post("/api/token/", {"login": "x"}).status_code for _ in range(21)]
    assert codes == [400] * 20 + [429]


@pytest.mark.parametrize("header", ["Token 0123456789", "Token", "Bearer x", "Basic YTpi"])
def test_a_wrong_token_opens_nothing(header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/api/me/")
    assert answer.status_code == 401
    assert answer.json()["detail"]


def test_a_session_changes_nothing_without_its_secret() -> None:
    client = client_of(make_user())
    client.handler.enforce_csrf_checks = True
    answer = client.post("/api/projects/", {"name": "Neurons"}, format="json")
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


def test_a_token_needs_no_secret_of_a_session() -> None:
    make_user("alice")
    client = _ask("alice")
    client.handler.enforce_csrf_checks = True
    assert client.post("/api/projects/", {"name": "Neurons"}, format="json").status_code == 201
