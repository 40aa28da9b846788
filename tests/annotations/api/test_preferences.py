"""How a person likes to work, over HTTP."""

from typing import Any

import pytest

from tests.factories import make_user
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/me/preferences/"


def test_keys_are_kept_and_are_of_one_person() -> None:
    bob, carol = client_of(make_user()), client_of(make_user())
    assert bob.get(ADDRESS).json() == {"keys": {}, "tour_seen": False}
    changed = bob.patch(ADDRESS, {"keys": {"yes": "j", "no": "k"}}, format="json")
    assert changed.json() == {"keys": {"yes": "j", "no": "k"}, "tour_seen": False}
    bob.patch(ADDRESS, {"tour_seen": True}, format="json")
    assert bob.get(ADDRESS).json() == {"keys": {"yes": "j", "no": "k"}, "tour_seen": True}
    assert carol.get(ADDRESS).json() == {"keys": {}, "tour_seen": False}


@pytest.mark.parametrize(
    "keys",
    [
        {"yes": "j", "no": "j"},
        {"yes": ""},
        {"x" * 41: "j"},
        {str(number): f"F{number}" for number in range(61)},
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
