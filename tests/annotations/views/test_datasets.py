from typing import Any

import pytest
from django.urls import reverse

from annotations.models import Dataset
from tests import factories
from tests.support.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({"patch_size": "128"}, 128),
        ({"patch_size": "other", "patch_size_other": "48"}, 48),
        # What is left in the field of the other choice does not count.
        ({"patch_size": "32", "patch_size_other": "48"}, 32),
    ],
)
def test_a_data_set_is_made_with_a_patch_size(given: dict[str, str], size: int) -> None:
    project = factories.make_project()
    response = signed_in(project.created_by).post(
        reverse("dataset-new", args=[project.pk]), {"name": "Controls", **given}
    )
    dataset = project.datasets.get()
    assert dataset.patch_size == size
    assert response["Location"] == reverse("dataset", args=[dataset.pk])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "This field is required."),
        ({"patch_size": "33"}, "33 is not one of the available choices."),
        ({"patch_size": "other"}, "Say how many pixels."),
        ({"patch_size": "other", "patch_size_other": "8"}, "greater than or equal to 16"),
        ({"patch_size": "other", "patch_size_other": "4096"}, "less than or equal to 1024"),
        ({"patch_size": "other", "patch_size_other": "big"}, "Enter a whole number."),
    ],
)
def test_an_impossible_patch_size_is_refused(given: dict[str, str], message: str) -> None:
    project = factories.make_project()
    response = signed_in(project.created_by).post(
        reverse("dataset-new", args=[project.pk]), {"name": "Controls", **given}
    )
    assert message in text(response)
    assert not project.datasets.exists()


def test_settings_start_from_what_is_saved() -> None:
    dataset = factories.make_dataset(patch_size=48)
    client = signed_in(dataset.created_by)
    form = client.get(reverse("dataset-settings", args=[dataset.pk])).context["form"]
    assert form["patch_size"].value() == "other"
    assert form["patch_size_other"].value() == 48


def test_the_patch_size_stays_once_patches_are_answered() -> None:
    dataset = factories.make_dataset(patch_size=32)
    alice = dataset.created_by
    structure = factories.make_structure(project=dataset.project)
    image = factories.make_image(dataset=dataset)
    factories.make_label(image=image, structure=structure, annotator=alice)
    client = signed_in(alice)
    address = reverse("dataset-settings", args=[dataset.pk])
    assert "Patches of this data set are answered already" in text(client.get(address))
    refused = client.post(address, {"name": "Renamed", "patch_size": "64"})
    assert "The patch size is fixed once patches are labelled" in text(refused)
    assert client.post(address, {"name": "Renamed", "patch_size": "32"}).status_code == 302
    dataset.refresh_from_db()
    assert (dataset.name, dataset.patch_size) == ("Renamed", 32)


def test_a_data_set_is_deleted_only_when_its_name_is_typed() -> None:
    dataset = factories.make_dataset(name="Controls")
    factories.make_image(dataset=dataset)
    client = signed_in(dataset.created_by)
    address = reverse("dataset-delete", args=[dataset.pk])
    assert "Its 1 image, 0 answers" in text(client.get(address))
    client.post(address, {"name": "Control"})
    assert Dataset.objects.exists()
    response = client.post(address, {"name": "Controls"})
    assert response["Location"] == reverse("project", args=[dataset.project_id])
    assert not Dataset.objects.exists()


STACK: dict[str, Any] = {
    "size_z": 9,
    "channels": [{"name": name, "colour": "ffffff", "low": 0, "high": 1} for name in ("A", "B")],
}


def test_planes_and_channels_are_chosen_as_people_count_them() -> None:
    dataset = factories.make_dataset(patch_size=32)
    factories.make_image(dataset=dataset, **STACK)
    client = signed_in(dataset.created_by)
    address = reverse("dataset-settings", args=[dataset.pk])
    form = client.get(address).context["form"]
    assert form["used_channels"].value() == [0, 1]
    given = {"name": "S", "patch_size": "32", "projection": "plane", "plane_z": "4"}
    assert client.post(address, given | {"used_channels": ["1"]}).status_code == 302
    dataset.refresh_from_db()
    assert (dataset.plane_z, dataset.plane_t, dataset.used_channels) == (3, 0, [1])
    form = client.get(address).context["form"]
    assert (form["plane_z"].value(), form["used_channels"].value()) == (4, [1])


def test_all_channels_is_no_choice() -> None:
    dataset = factories.make_dataset(patch_size=32, used_channels=[1])
    factories.make_image(dataset=dataset, **STACK)
    client = signed_in(dataset.created_by)
    given = {"name": "S", "patch_size": "32", "projection": "max", "used_channels": ["0", "1"]}
    client.post(reverse("dataset-settings", args=[dataset.pk]), given)
    dataset.refresh_from_db()
    assert (dataset.projection, dataset.used_channels) == ("max", [])


def test_a_channel_that_does_not_exist_is_told() -> None:
    dataset = factories.make_dataset(patch_size=32)
    factories.make_image(dataset=dataset, **STACK)
    client = signed_in(dataset.created_by)
    given = {"name": "S", "patch_size": "32", "used_channels": ["2"]}
    page = client.post(reverse("dataset-settings", args=[dataset.pk]), given)
    assert "2 is not one of the available choices" in text(page)
