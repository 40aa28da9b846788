"""Patches that nobody is asked about."""

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Image, Label, LeftOut, Role
from annotations.services.grids import change_grid
from annotations.services.handing_out import hand_out
from annotations.services.left_out import ask_again, leave_out
from annotations.services.patches.listing import list_patches
from annotations.services.patches.query import PatchQuery
from annotations.services.progress import dataset_progress
from tests.factories import make_image, make_label, make_member, make_structure

pytestmark = pytest.mark.django_db


def _left(image: Image) -> set[tuple[int, int]]:
    return set(LeftOut.objects.filter(image=image).values_list("row", "column"))


def test_patches_are_left_out_and_asked_about_again(image: Image) -> None:
    by = image.dataset.created_by
    assert leave_out(by=by, image=image, cells=[(0, 0), (1, 2), (0, 0)]) == 2
    assert leave_out(by=by, image=image, cells=[(0, 0), (0, 1)]) == 1
    assert _left(image) == {(0, 0), (1, 2), (0, 1)}
    assert ask_again(by=by, image=image, cells=[(0, 0), (0, 1), (1, 1)]) == 2
    assert _left(image) == {(1, 2)}


def test_annotators_may_and_viewers_may_not(image: Image) -> None:
    project = image.dataset.project
    annotator = make_member(project=project, role=Role.ANNOTATOR).user
    viewer = make_member(project=project, role=Role.VIEWER).user
    assert leave_out(by=annotator, image=image, cells=[(0, 0)]) == 1
    for change in (leave_out, ask_again):
        with pytest.raises(PermissionDenied):
            change(by=viewer, image=image, cells=[(0, 0)])
    assert _left(image) == {(0, 0)}


@pytest.mark.parametrize("cell", [(2, 0), (0, 3), (-1, 0)])
def test_a_patch_outside_the_grid_is_refused(image: Image, cell: tuple[int, int]) -> None:
    with pytest.raises(Rejected, match="2 x 3 patches"):
        leave_out(by=image.dataset.created_by, image=image, cells=[(0, 0), cell])
    assert _left(image) == set()


def test_no_patch_and_an_unready_image_are_refused(image: Image) -> None:
    by = image.dataset.created_by
    with pytest.raises(Rejected, match="between 1"):
        leave_out(by=by, image=image, cells=[])
    image.state = Image.State.IMPORTING
    with pytest.raises(Rejected, match="not ready"):
        leave_out(by=by, image=image, cells=[(0, 0)])


def test_they_do_not_count_as_patches_to_answer(image: Image) -> None:
    by = image.dataset.created_by
    structure = make_structure(project=image.dataset.project)
    for column in (0, 1):
        make_label(image=image, structure=structure, annotator=by, column=column)
    leave_out(by=by, image=image, cells=[(0, 0), (1, 2)])
    progress = dataset_progress(dataset=image.dataset, user=by)
    assert progress["patches"] == 4
    assert progress["images"] == [{"id": image.pk, "labelled": 1, "patches": 4}]
    assert progress["structures"][0]["labelled"] == 1
    assert Label.objects.count() == 2, "answers that were given stay"


def test_nobody_is_handed_one_until_it_is_asked_about_again(image: Image) -> None:
    by, dataset = image.dataset.created_by, image.dataset
    structure = make_structure(project=dataset.project)
    leave_out(by=by, image=image, cells=[(0, 0), (1, 2)])
    handed = hand_out(by=by, dataset=dataset, structure=structure, count=10)
    assert {cell for cell, _ in handed.patches} == {
        (image.pk, 0, 1),
        (image.pk, 0, 2),
        (image.pk, 1, 0),
        (image.pk, 1, 1),
    }
    assert handed.left == 0
    ask_again(by=by, image=image, cells=[(1, 2)])
    again = hand_out(by=by, dataset=dataset, structure=structure, count=10)
    assert [cell for cell, _ in again.patches] == [(image.pk, 1, 2)]


def test_the_gallery_lists_them_apart_from_the_unanswered(image: Image) -> None:
    by, dataset = image.dataset.created_by, image.dataset
    structure = make_structure(project=dataset.project)
    # Another image before it, so that positions are not those of the first image.
    make_image(dataset=dataset, name="a.tif", height=32, width=32)
    leave_out(by=by, image=image, cells=[(0, 2), (1, 0)])

    def listed(state: str) -> list[tuple[int, int, int]]:
        page = list_patches(by=by, dataset=dataset, query=PatchQuery(structure, state=state))
        return [(patch["image"], patch["row"], patch["column"]) for patch in page["patches"]]

    assert listed("left-out") == [(image.pk, 0, 2), (image.pk, 1, 0)]
    assert len(listed("unanswered")) == 5
    assert not set(listed("unanswered")) & set(listed("left-out"))
    assert len(listed("all")) == 7


def test_another_grid_has_none(image: Image) -> None:
    by = image.dataset.created_by
    leave_out(by=by, image=image, cells=[(0, 0)])
    change_grid(by=by, dataset=image.dataset, patch_size=16, overlap=0, transfer=True)
    assert _left(image) == set()


def test_an_image_that_was_deleted_meanwhile_is_refused(image: Image) -> None:
    Image.objects.all().delete()
    with pytest.raises(Rejected, match="has been deleted"):
        leave_out(by=image.dataset.created_by, image=image, cells=[(0, 0)])
