"""Settings of display over HTTP."""

from typing import Any

import pytest

from tests.factories import make_dataset
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db
CHANNEL = {"name": "", "colour": "00ff00", "visible": True, "low": -1.5, "high": 2.0, "gamma": 0.5}


def test_settings_are_kept_and_forgotten() -> None:
    dataset = make_dataset()
    client, address = client_of(dataset.created_by), f"/api/datasets/{dataset.pk}/display/"
    assert client.get(address).json() == {"channels": [], "turn": 0}
    kept = client.put(address, {"channels": [CHANNEL]}, format="json")
    assert (kept.status_code, kept.json()) == (200, {"channels": [CHANNEL], "turn": 1})
    assert client.get(address).json() == kept.json()
    client.put(address, {"channels": []}, format="json")
    assert client.get(address).json() == {"channels": [], "turn": 2}


def test_who_is_late_is_told_what_is_kept() -> None:
    dataset = make_dataset()
    client, address = client_of(dataset.created_by), f"/api/datasets/{dataset.pk}/display/"
    client.put(address, {"channels": [CHANNEL], "turn": 5}, format="json")
    late = client.put(address, {"channels": [], "turn": 4}, format="json")
    assert (late.status_code, late.json()) == (200, {"channels": [CHANNEL], "turn": 5})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channels": "all"},
        {"channels": [{**CHANNEL, "low": "dark"}]},
        {"channels": [{**CHANNEL, "low": "nan"}]},
        {"channels": [{"name": "DAPI"}]},
        {"channels": [{**CHANNEL, "colour": "red"}]},
        {"channels": [CHANNEL], "turn": -1},
        {"channels": [CHANNEL], "turn": 10**18},
    ],
)
def test_a_wrong_body_is_answered_with_its_reason(body: Any) -> None:
    dataset = make_dataset()
    address = f"/api/datasets/{dataset.pk}/display/"
    answer = client_of(dataset.created_by).put(address, body, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"]
