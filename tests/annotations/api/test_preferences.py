"""How a person likes to work, over HTTP."""

from typing import Any

import pytest

from tests.factories import make_user
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/me/preferences/"


def test_keys_are_kept_and_are_of_one_person() -> None:
    bob, carol = client_of(make_user()), client_of(make_user())
    none: dict[str, Any] = {"keys": {}, "tour_seen": False, "label_tour_seen": False}
    assert bob.get(ADDRESS).json() == none
    keys = {"yes": "j", "no": "k"}
    changed = bob.patch(ADDRESS, {"keys": keys}, format="json")
    assert changed.json() == none | {"keys": keys}
    bob.patch(ADDRESS, {"tour_seen": True}, format="json")
    assert bob.get(ADDRESS).json() == none | {"keys": keys, "tour_seen": True}
    assert carol.get(ADDRESS).json() == none


def test_the_tour_of_the_label_screen_is_another_one() -> None:
    bob = client_of(make_user())
    seen = bob.patch(ADDRESS, {"label_tour_seen": True}, format="json").json()
    assert (seen["tour_seen"], seen["label_tour_seen"]) == (False, True)


def test_one_key_may_ask_for_two_things_on_two_screens() -> None:
    keys = {"label:fit": "j", "review:next": "j", "alike": "j"}
    answer = client_of(make_user()).patch(ADDRESS, {"keys": keys}, format="json")
    assert answer.json()["keys"] == keys


@pytest.mark.parametrize(
    "keys",
    [
        {"yes": "j", "no": "j"},
        {"label:fit": "j", "label:alike": "j"},
        {"yes": ""},
        {"x" * 41: "j"},
        {str(number): f"F{number}" for number in range(121)},
        {"yes": ["j"]},
        "j",
    ],
)
def test_keys_that_cannot_be_are_refused(keys: Any) -> None:
    answer = client_of(make_user()).patch(ADDRESS, {"keys": keys}, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_stranger_to_the_site_has_none() -> None:
    assert client_of(None).get(ADDRESS).status_code == 401
