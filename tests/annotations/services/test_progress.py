"""How far a data set is labelled."""

import pytest

from annotations.models import Image, Role
from annotations.models.label import Answer
from annotations.services.progress import dataset_progress
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_structure,
)

pytestmark = pytest.mark.django_db


def test_answers_of_all_count_per_structure_and_ones_own_per_image() -> None:
    dataset = make_dataset(patch_size=32)
    alice, bob = dataset.created_by, make_member(project=dataset.project).user
    rings = make_structure(project=dataset.project, name="Rings", colour="#111111")
    fibres = make_structure(project=dataset.project, name="Fibres", colour="#222222")
    # 2 x 3 patches and 1 x 1, the second cut off on both sides.
    first = make_image(dataset=dataset, name="a.tif", height=64, width=96)
    second = make_image(dataset=dataset, name="b.tif", height=20, width=31)
    make_image(dataset=dataset, name="c.tif", state=Image.State.IMPORTING)
    for image, structure, who, row, column, value in (
        (first, rings, alice, 0, 0, Answer.YES),
        (first, rings, bob, 0, 0, Answer.NO),
        (first, rings, alice, 0, 1, Answer.UNSURE),
        (first, fibres, alice, 0, 0, Answer.NO),
        (second, rings, bob, 0, 0, Answer.YES),
    ):
        make_label(
            image=image, structure=structure, annotator=who, row=row, column=column, value=value
        )

    progress = dataset_progress(dataset=dataset, user=alice)

    assert progress["patches"] == 7
    assert progress["structures"] == [
        {
            "id": rings.pk, "name": "Rings", "colour": "#111111",
            "yes": 2, "no": 1, "unsure": 1, "labelled": 3,
        },
        {
            "id": fibres.pk, "name": "Fibres", "colour": "#222222",
            "yes": 0, "no": 1, "unsure": 0, "labelled": 1,
        },
    ]  # fmt: skip
    assert progress["images"] == [
        {"id": first.pk, "labelled": 2, "patches": 6},
        {"id": second.pk, "labelled": 0, "patches": 1},
    ]


def test_in_a_blind_project_managers_alone_learn_which_answers_they_are() -> None:
    dataset = make_dataset()
    structure = make_structure(project=dataset.project)
    image = make_image(dataset=dataset, height=64, width=64)
    annotator = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    make_label(image=image, structure=structure, annotator=dataset.created_by, row=0, column=0)
    for blind, shown in ((True, None), (False, 1)):
        dataset.project.blind = blind
        for user, expected in ((annotator, shown), (dataset.created_by, 1)):
            found = dataset_progress(dataset=dataset, user=user)["structures"][0]
            assert (found["labelled"], found["yes"]) == (1, expected)


def test_an_empty_data_set_has_no_patches() -> None:
    dataset = make_dataset()
    structure = make_structure(project=dataset.project)
    progress = dataset_progress(dataset=dataset, user=dataset.created_by)
    assert (progress["patches"], progress["images"]) == (0, [])
    assert [one["id"] for one in progress["structures"]] == [structure.pk]


def test_answers_in_other_data_sets_of_the_project_do_not_count() -> None:
    dataset = make_dataset()
    other = make_image(dataset=make_dataset(project=dataset.project))
    structure = make_structure(project=dataset.project)
    make_label(image=other, structure=structure, annotator=dataset.created_by)
    progress = dataset_progress(dataset=dataset, user=dataset.created_by)
    assert progress["structures"][0]["labelled"] == 0
