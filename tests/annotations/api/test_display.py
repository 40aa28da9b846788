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
    assert client.get(address).json() == {"channels": []}
    kept = client.put(address, {"channels": [CHANNEL]}, format="json")
    assert (kept.status_code, kept.json()) == (200, {"channels": [CHANNEL]})
    assert client.get(address).json() == {"channels": [CHANNEL]}
    assert client.delete(address).status_code == 204
    assert client.get(address).json() == {"channels": []}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channels": "all"},
        {"channels": [{**CHANNEL, "low": "dark"}]},
        {"channels": [{**CHANNEL, "low": "nan"}]},
        {"channels": [{"name": "DAPI"}]},
        {"channels": [{**CHANNEL, "colour": "red"}]},
    ],
)
def test_a_wrong_body_is_answered_with_its_reason(body: Any) -> None:
    dataset = make_dataset()
    address = f"/api/datasets/{dataset.pk}/display/"
    answer = client_of(dataset.created_by).put(address, body, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"]
