"""Structures and data sets over HTTP."""

import pytest

from annotations.models import Dataset, Structure
from annotations.models.label import Answer
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_structure,
)
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def test_a_structure_keeps_what_a_change_leaves_out() -> None:
    structure = make_structure(name="Rings", colour="#112233")
    answer = client_of(structure.project.created_by).patch(
        f"/api/structures/{structure.pk}/", {"colour": "#AABBCC"}, format="json"
    )
    assert answer.json() == {
        "id": structure.pk,
        "project": structure.project_id,
        "name": "Rings",
        "question": "Is Rings present here?",
        "colour": "#aabbcc",
        "description": "",
    }


def test_a_taken_structure_name_is_a_conflict() -> None:
    structure = make_structure(name="Rings")
    answer = client_of(structure.project.created_by).post(
        f"/api/projects/{structure.project_id}/structures/", {"name": "Rings"}, format="json"
    )
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "There is already a structure of this name.",
        "name": ["There is already a structure of this name."],
    }
    assert Structure.objects.count() == 1


def test_a_data_set_keeps_what_a_change_leaves_out() -> None:
    dataset = make_dataset(name="Monday", patch_size=32)
    client = client_of(dataset.created_by)
    answer = client.patch(f"/api/datasets/{dataset.pk}/", {"description": "new"}, format="json")
    shown = answer.json()
    assert (shown["name"], shown["description"], shown["patch_size"]) == ("Monday", "new", 32)


def test_a_fixed_patch_size_is_told_by_field() -> None:
    image = make_image(dataset=make_dataset(patch_size=32))
    dataset = image.dataset
    structure = make_structure(project=dataset.project)
    make_label(image=image, structure=structure, annotator=dataset.created_by)
    answer = client_of(dataset.created_by).patch(
        f"/api/datasets/{dataset.pk}/", {"patch_size": 64}, format="json"
    )
    assert answer.status_code == 400
    assert "fixed" in answer.json()["patch_size"][0]
    assert Dataset.objects.get(pk=dataset.pk).patch_size == 32


def test_refused_images_do_not_count() -> None:
    dataset = make_image().dataset
    make_image(dataset=dataset, state="refused", error="The file is empty.")  # type: ignore[arg-type]
    shown = client_of(dataset.created_by).get(f"/api/datasets/{dataset.pk}/").json()
    assert (shown["image_count"], shown["role"]) == (1, "manager")


def test_progress_is_told_as_the_service_counts_it() -> None:
    image = make_image(dataset=make_dataset(patch_size=32), height=64, width=96)
    structure = make_structure(project=image.dataset.project, name="Rings", colour="#112233")
    me = image.dataset.created_by
    make_label(image=image, structure=structure, annotator=me, value=Answer.NO)
    assert client_of(me).get(f"/api/datasets/{image.dataset_id}/progress/").json() == {
        "patches": 6,
        "structures": [
            {
                "id": structure.pk, "name": "Rings", "colour": "#112233",
                "yes": 0, "no": 1, "unsure": 0, "labelled": 1,
            }
        ],
        "images": [{"id": image.pk, "labelled": 1, "patches": 6}],
    }  # fmt: skip
