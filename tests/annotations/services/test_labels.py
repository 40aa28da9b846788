"""Answering yes, no and unsure about patches."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from annotations.errors import Rejected
from annotations.models import Image, Label, LabelChange, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.answers.labels import label_patches
from annotations.services.datasets import update_dataset
from tests.factories import (
    make_dataset,
    make_image,
    make_member,
    make_structure,
)

Cell = tuple[int, int]
pytestmark = pytest.mark.django_db


def _answers(image: Image) -> dict[tuple[int, int, int], str]:
    rows = Label.objects.filter(image=image).values_list("annotator_id", "row", "column", "value")
    return {(annotator, row, column): value for annotator, row, column, value in rows}


def test_an_answer_is_kept_with_its_history(
    image: Image, structure: Structure, alice: User
) -> None:
    changed = label_patches(
        by=alice, image=image, structure=structure, cells=[(0, 0), (1, 2)], value=Answer.YES
    )
    assert changed == 2
    assert _answers(image) == {(alice.pk, 0, 0): "yes", (alice.pk, 1, 2): "yes"}
    history = LabelChange.objects.values_list("row", "column", "old", "new", "annotator_id")
    assert list(history) == [(0, 0, "", "yes", alice.pk), (1, 2, "", "yes", alice.pk)]


def test_sending_the_same_twice_changes_nothing(
    image: Image, structure: Structure, alice: User
) -> None:
    for expected in (1, 0):
        changed = label_patches(
            by=alice, image=image, structure=structure, cells=[(0, 0), (0, 0)], value=Answer.NO
        )
        assert changed == expected
    assert Label.objects.count() == 1
    assert LabelChange.objects.count() == 1


def test_a_changed_mind_is_written_down(image: Image, structure: Structure, alice: User) -> None:
    for value in (Answer.YES, Answer.UNSURE, None, Answer.NO):
        label_patches(by=alice, image=image, structure=structure, cells=[(0, 1)], value=value)
    assert _answers(image) == {(alice.pk, 0, 1): "no"}
    history = list(LabelChange.objects.values_list("old", "new"))
    assert history == [("", "yes"), ("yes", "unsure"), ("unsure", ""), ("", "no")]


def test_only_the_given_patches_change(image: Image, structure: Structure, alice: User) -> None:
    every = [(row, column) for row in range(2) for column in range(3)]
    label_patches(by=alice, image=image, structure=structure, cells=every, value=Answer.NO)
    before = set(Label.objects.exclude(row=1).values_list("pk", "updated_at"))
    changed = label_patches(
        by=alice, image=image, structure=structure, cells=[(1, 0), (1, 1)], value=Answer.YES
    )
    assert changed == 2
    assert set(Label.objects.exclude(row=1).values_list("pk", "updated_at")) == before
    assert Label.objects.filter(value="yes").count() == 2


def test_clearing_takes_back_what_is_there(image: Image, structure: Structure, alice: User) -> None:
    label_patches(by=alice, image=image, structure=structure, cells=[(0, 0)], value=Answer.YES)
    changed = label_patches(
        by=alice, image=image, structure=structure, cells=[(0, 0), (0, 1)], value=None
    )
    assert changed == 1
    assert not Label.objects.exists()


def test_two_annotators_answer_side_by_side(
    image: Image, structure: Structure, alice: User
) -> None:
    bob = make_member(project=image.dataset.project).user
    for user, value in ((alice, Answer.YES), (bob, Answer.NO)):
        label_patches(by=user, image=image, structure=structure, cells=[(0, 0)], value=value)
    assert _answers(image) == {(alice.pk, 0, 0): "yes", (bob.pk, 0, 0): "no"}
    label_patches(by=bob, image=image, structure=structure, cells=[(0, 0)], value=None)
    assert _answers(image) == {(alice.pk, 0, 0): "yes"}


def test_structures_do_not_share_answers(image: Image, structure: Structure, alice: User) -> None:
    other = make_structure(project=image.dataset.project)
    for asked, value in ((structure, Answer.YES), (other, Answer.NO)):
        label_patches(by=alice, image=image, structure=asked, cells=[(0, 0)], value=value)
    assert set(Label.objects.values_list("structure_id", "value")) == {
        (structure.pk, "yes"),
        (other.pk, "no"),
    }


@pytest.mark.parametrize("cell", [(2, 0), (0, 3), (-1, 0), (0, -1), (10**9, 0), (10**20, 0)])
def test_a_label_outside_the_grid_is_refused_and_nothing_is_written(
    image: Image, structure: Structure, alice: User, cell: Cell
) -> None:
    with pytest.raises(Rejected, match="2 rows and 3 columns") as refusal:
        label_patches(
            by=alice, image=image, structure=structure, cells=[(0, 0), cell], value=Answer.YES
        )
    assert refusal.value.field == "cells"
    assert not Label.objects.exists()
    assert not LabelChange.objects.exists()


def test_a_patch_that_is_cut_off_can_be_labelled() -> None:
    image = make_image(dataset=make_dataset(patch_size=32), height=33, width=32)
    structure = make_structure(project=image.dataset.project)
    changed = label_patches(
        by=image.dataset.created_by,
        image=image,
        structure=structure,
        cells=[(1, 0)],
        value=Answer.YES,
    )
    assert changed == 1


def test_a_structure_of_another_project_is_refused(image: Image, alice: User) -> None:
    with pytest.raises(Rejected, match="another project") as refusal:
        label_patches(
            by=alice, image=image, structure=make_structure(), cells=[(0, 0)], value=Answer.YES
        )
    assert refusal.value.field == "structure"
    assert not Label.objects.exists()


@pytest.mark.parametrize("state", [Image.State.IMPORTING, Image.State.REFUSED])
def test_an_image_that_is_not_ready_is_not_labelled(
    image: Image, structure: Structure, alice: User, state: Image.State
) -> None:
    error = "No disk." if state == Image.State.REFUSED else ""
    Image.objects.filter(pk=image.pk).update(state=state, error=error)
    with pytest.raises(Rejected, match="not ready"):
        label_patches(by=alice, image=image, structure=structure, cells=[(0, 0)], value=Answer.YES)


def test_a_deleted_image_is_not_labelled(image: Image, structure: Structure, alice: User) -> None:
    Image.objects.filter(pk=image.pk).delete()
    with pytest.raises(Rejected, match="deleted"):
        label_patches(by=alice, image=image, structure=structure, cells=[(0, 0)], value=Answer.YES)


def test_viewers_answer_nothing(image: Image, structure: Structure) -> None:
    viewer = make_member(project=image.dataset.project, role=Role.VIEWER).user
    with pytest.raises(PermissionDenied):
        label_patches(by=viewer, image=image, structure=structure, cells=[(0, 0)], value=Answer.YES)


@pytest.mark.parametrize("cells", [[], [(row, 0) for row in range(10_001)]])
def test_too_few_or_too_many_at_once_are_refused(
    image: Image, structure: Structure, alice: User, cells: list[Cell]
) -> None:
    with pytest.raises(Rejected, match="between 1 and 10000"):
        label_patches(by=alice, image=image, structure=structure, cells=cells, value=Answer.YES)


def test_more_answers_than_fit_in_one_statement_are_all_kept() -> None:
    image = make_image(dataset=make_dataset(patch_size=16), height=800, width=800)
    structure = make_structure(project=image.dataset.project)
    every = [(row, column) for row in range(50) for column in range(50)]
    for value, remaining in ((Answer.NO, 2500), (None, 0)):
        changed = label_patches(
            by=image.dataset.created_by, image=image, structure=structure, cells=every, value=value
        )
        assert changed == 2500
        assert Label.objects.count() == remaining
    assert LabelChange.objects.count() == 5000


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_a_change_of_the_patch_size_and_sees_it(
    image: Image, structure: Structure
) -> None:
    """Row 1 exists on patches of 32 px, and no longer on patches of 64."""
    manager = image.dataset.created_by
    outcome: list[object] = []

    def answer() -> None:
        try:
            outcome.append(
                label_patches(
                    by=manager, image=image, structure=structure, cells=[(1, 0)], value=Answer.YES
                )
            )
        except Rejected as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    # The patch size is looked up before the other transaction ends.
    assert image.grid.rows == 2
    thread = threading.Thread(target=answer)
    with transaction.atomic():
        update_dataset(
            by=manager, dataset=image.dataset, name="Larger", description="", patch_size=64
        )
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert isinstance(outcome[0], Rejected)
    assert not Label.objects.exists()
