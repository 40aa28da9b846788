import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from annotations.models import User
from tests import factories
from tests.support.pages import said, signed_in, text

pytestmark = pytest.mark.django_db


def test_a_new_token_is_shown_once_and_works() -> None:
    client = signed_in(factories.make_user("alice"))
    page = text(client.post(reverse("account-token"), follow=True))
    key = Token.objects.get().key
    assert key in page
    assert key not in text(client.get(reverse("account")))
    answer = Client().get("/api/me/", headers={"Authorization": f"Token {key}"})
    assert answer.json()["username"] == "alice"


def test_renewing_locks_the_old_token_out() -> None:
    alice = factories.make_user("alice")
    old = Token.objects.create(user=alice).key
    signed_in(alice).post(reverse("account-token"), {"renew": ""})
    assert Token.objects.get(user=alice).key != old
    answer = Client().get("/api/me/", headers={"Authorization": f"Token {old}"})
    assert answer.status_code == 401


def test_a_revoked_token_is_gone() -> None:
    alice, bob = factories.make_user("alice"), factories.make_user("bob")
    for user in (alice, bob):
        Token.objects.create(user=user)
    signed_in(alice).post(reverse("account-token"), {"revoke": ""})
    assert [token.user for token in Token.objects.all()] == [bob]


@pytest.mark.parametrize("login", ["alice", "alice@example.org"])
def test_people_sign_in_by_name_or_address(login: str) -> None:
    factories.make_user("alice")
    response = Client().post(
        reverse("account_login"), {"login": login, "password": factories.PASSWORD}
    )
    assert response["Location"] == reverse("projects")


def test_signing_in_is_no_news() -> None:
    factories.make_user("alice")
    response = Client().post(
        reverse("account_login"), {"login": "alice", "password": factories.PASSWORD}, follow=True
    )
    assert response.context["user"].username == "alice"
    assert said(response) == ""


def test_a_wrong_password_is_said_and_not_which_part_is_wrong() -> None:
    factories.make_user("alice")
    address = reverse("account_login")
    known = text(Client().post(address, {"login": "alice", "password": "wrong"}))
    unknown = text(Client().post(address, {"login": "nobody", "password": "wrong"}))
    assert known == unknown
    assert "not correct" in known


def test_signing_up_signs_in() -> None:
    client = Client()
    response = client.post(
        reverse("account_signup"),
        {
            "username": "erin",
            "email": "erin@example.org",
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )
    assert response["Location"] == reverse("projects")
    assert User.objects.get(username="erin").email == "erin@example.org"
    assert client.get(reverse("projects")).status_code == 200


def test_a_forgotten_password_is_replaced_by_mail() -> None:
    factories.make_user("alice")
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "alice@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    changed = {"password1": "a new horse battery", "password2": "a new horse battery"}
    client.post(form.redirect_chain[-1][0], changed)
    assert User.objects.get(username="alice").check_password("a new horse battery")


def test_signing_out_takes_a_click_on_a_form() -> None:
    client = signed_in(factories.make_user())
    assert "Sign out?" in text(client.get(reverse("account_logout")))
    assert client.get(reverse("projects")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == reverse("home")
    assert client.get(reverse("projects")).status_code == 302


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_logout", "account_reauthenticate"]
)
def test_the_pages_of_an_account_are_in_our_frame(name: str) -> None:
    response = signed_in(factories.make_user("alice")).get(reverse(name))
    assert response.status_code == 200
    assert '<header class="bar">' in response.content.decode()
    assert 'class="btn btn-primary"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_email", "Email addresses"),
        ("account_change_password", "Change password"),
        ("account_reset_password_done", "Password reset"),
        ("account_reset_password_from_key_done", "Change password"),
        ("account_email_verification_sent", "Verify your email address"),
        ("account_inactive", "Account inactive"),
        ("account_reauthenticate", "Confirm access"),
    ],
)
def test_the_pages_of_an_account_write_as_all_others_do(name: str, heading: str) -> None:
    page = signed_in(factories.make_user("alice")).get(reverse(name)).content.decode()
    (title,) = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
    assert " ".join(title.split()) == f"{heading} · micraweb"
    (found,) = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found.strip() == heading
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    written = re.findall(r"<(?:h2|label|button)\b[^>]*>([^<]*)<", main[0])
    assert [words for words in written if re.search(r"\w \s*[A-Z]", words)] == []


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account", "members"]
)
def test_what_the_package_calls_email_no_page_of_ours_calls_otherwise(name: str) -> None:
    alice = factories.make_user("alice")
    project = factories.make_project(manager=alice)
    # Who is signed in needs no page to sign in on.
    client = Client() if name.startswith("account_") else signed_in(alice)
    page = client.get(
        reverse(name, args=[project.pk] if name == "members" else [])
    ).content.decode()
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    assert re.search(r"\bemail address", main[0], re.IGNORECASE)
    assert re.findall(r"\be-mail", main[0], re.IGNORECASE) == []
