import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.support.pages import signed_in, text

pytestmark = pytest.mark.django_db


def test_strangers_learn_what_this_is_and_where_to_sign_in() -> None:
    response = Client().get("/")
    assert "yes or no?" in text(response)
    assert reverse("account_signup") in response.content.decode()


def test_people_who_are_signed_in_go_to_their_projects() -> None:
    assert signed_in(factories.make_user()).get("/")["Location"] == reverse("projects")


def test_help_names_the_address_of_this_very_site() -> None:
    assert "http://testserver/api/projects/" in text(Client().get(reverse("help")))
