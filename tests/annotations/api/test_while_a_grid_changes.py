"""While a worker cuts the patches anew, nobody answers about them, and nobody waits for it."""

from typing import Any
from uuid import uuid4

import pytest

from annotations.models import Errand, Image, Label, Structure, User
from tests.factories import make_dataset, make_errand, make_image
from tests.support.clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_root")]
CONFLICT = 409


def _change(image: Image, state: Errand.State = Errand.State.RUNNING) -> Errand:
    params = {"patch_size": 64, "overlap": 0, "transfer": True}
    dataset = image.dataset
    return make_errand(dataset=dataset, kind=Errand.Kind.GRID, state=state, params=params)


def _post(user: User, address: str, body: dict[str, Any]) -> tuple[int, str]:
    told = client_of(user).post(f"/api/{address}/", body, format="json")
    # Browsers ask again by themselves while a change is under way, and then alone.
    assert ("Retry-After" in told.headers) == ("are being cut anew" in told.content.decode())
    return told.status_code, told.content.decode()


def _answers(image: Image, rings: Structure) -> dict[str, Any]:
    cell = {"image": image.pk, "structure": rings.pk, "row": 0, "column": 0}
    return {"answers": [cell | {"value": "yes", "event": str(uuid4())}]}


def test_answers_are_refused_and_the_same_ones_are_taken_afterwards(
    image: Image, rings: Structure, alice: User
) -> None:
    change = _change(image)
    address, body = f"datasets/{image.dataset_id}/answers", _answers(image, rings)
    status, said = _post(alice, address, body)
    assert (status, Label.objects.count()) == (CONFLICT, 0)
    assert "are being cut anew" in said
    change.delete()
    assert _post(alice, address, body)[0] == 200
    assert Label.objects.get().value == "yes"


def test_patches_are_not_handed_out(image: Image, rings: Structure, alice: User) -> None:
    change = _change(image)
    address, body = f"datasets/{image.dataset_id}/next", {"structure": rings.pk, "count": 2}
    status, said = _post(alice, address, body)
    assert status == CONFLICT
    assert "are being cut anew" in said
    change.delete()
    assert _post(alice, address, body)[0] == 200


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("remarks", {"text": "Look again"}),
        ("model-patches", {"use": "example", "value": "yes"}),
        ("model-patches", {"use": "calibration", "value": "yes"}),
    ],
)
def test_nothing_is_said_about_patches_that_are_about_to_go(
    image: Image, rings: Structure, about: str, said: dict[str, str]
) -> None:
    change, manager = _change(image), image.dataset.created_by
    address = f"datasets/{image.dataset_id}/{about}"
    body = {"image": image.pk, "structure": rings.pk, "row": 0, "column": 0, **said}
    assert _post(manager, address, body)[0] == CONFLICT
    change.delete()
    assert _post(manager, address, body)[0] == 201


def test_neither_images_nor_structures_are_deleted(image: Image, rings: Structure) -> None:
    change, client = _change(image), client_of(image.dataset.created_by)
    addresses = (f"/api/images/{image.pk}/", f"/api/structures/{rings.pk}/")
    for address in addresses:
        assert client.delete(address).status_code == CONFLICT
    change.delete()
    for address in addresses:
        assert client.delete(address).status_code == 204


@pytest.mark.parametrize("state", [Errand.State.QUEUED, Errand.State.RUNNING])
def test_a_second_change_is_refused(image: Image, state: Errand.State) -> None:
    _change(image, state)
    address = f"datasets/{image.dataset_id}/grid"
    status, said = _post(image.dataset.created_by, address, {"patch_size": 128})
    assert (status, Errand.objects.count()) == (CONFLICT, 1)
    assert "being changed already" in said


def test_other_data_sets_and_a_change_that_waits_keep_nobody_from_answering(
    image: Image, rings: Structure, alice: User
) -> None:
    _change(image, Errand.State.QUEUED)
    _change(make_image(dataset=make_dataset(project=image.dataset.project)))
    address = f"datasets/{image.dataset_id}/answers"
    assert _post(alice, address, _answers(image, rings))[0] == 200


def test_only_what_is_not_over_is_listed_where_that_is_asked_for(image: Image) -> None:
    _change(image, Errand.State.CANCELLED)
    active = _change(image)
    client, address = client_of(image.dataset.created_by), f"/api/datasets/{image.dataset_id}"
    listed = client.get(f"{address}/errands/?active=1").json()
    assert [row["id"] for row in listed] == [active.pk]
    assert len(client.get(f"{address}/errands/").json()) == 2
