"""Which patches are shown, and to whom."""

from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Dataset, Structure, User
from annotations.models.label import Answer
from annotations.services.scores import keep_scores
from tests.annotations.services.patches.listing import listed, score
from tests.factories import (
    make_label,
    make_project,
    make_structure,
)

pytestmark = pytest.mark.django_db


def test_states_are_about_the_own_answers(dataset: Dataset, rings: Structure, bob: User) -> None:
    image = dataset.images.get(name="a.tif")
    alice = dataset.project.created_by
    for column, value in enumerate((Answer.YES, Answer.NO, Answer.UNSURE)):
        make_label(image=image, structure=rings, annotator=bob, column=column, value=value)
    make_label(image=image, structure=rings, annotator=alice, row=1)
    for state in ("yes", "no", "unsure"):
        assert [one["value"] for one in listed(bob, rings, dataset, state=state)] == [state]
    assert len(listed(bob, rings, dataset, state="mine")) == 3
    assert len(listed(bob, rings, dataset, state="unanswered")) == 9
    assert len(listed(alice, rings, dataset, state="answered")) == 1


def test_one_image_or_one_condition_can_be_asked_for(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    image = dataset.images.get(name="b.tif")
    assert {one["image"] for one in listed(bob, rings, dataset, image=image.pk)} == {image.pk}
    assert {one["image"] for one in listed(bob, rings, dataset, condition="drug")} == {image.pk}


def test_scores_between_two_numbers_can_be_asked_for(dataset: Dataset, rings: Structure) -> None:
    score(dataset, rings, "b.tif", [0.05, 0.45, 0.9, 0.6, 0.2, 0.99])
    shown = listed(dataset.project.created_by, rings, dataset, least=0.4, most=0.7)
    assert [one["score"] for one in shown] == pytest.approx([0.45, 0.6], abs=1e-3)


def test_patches_on_which_people_differ_can_be_asked_for(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    image, alice = dataset.images.get(name="a.tif"), dataset.project.created_by
    for column, value in enumerate((Answer.YES, Answer.UNSURE, Answer.NO)):
        make_label(image=image, structure=rings, annotator=bob, column=column, value=Answer.NO)
        make_label(image=image, structure=rings, annotator=alice, column=column, value=value)
    assert [one["column"] for one in listed(alice, rings, dataset, state="disagreement")] == [0]


@pytest.mark.parametrize(
    "asked", [{"least": 0.1}, {"most": 0.5}, {"order": "contradiction"}, {"state": "disagreement"}]
)
def test_in_a_blind_project_annotators_learn_nothing_of_scores_or_others(
    dataset: Dataset, rings: Structure, bob: User, asked: dict[str, Any]
) -> None:
    score(dataset, rings, "a.tif", [0.9] * 6)
    assert {one["score"] for one in listed(bob, rings, dataset)} == {None}
    with pytest.raises(PermissionDenied):
        listed(bob, rings, dataset, **asked)
    dataset.project.blind = False
    dataset.project.save()
    assert {one["score"] for one in listed(bob, rings, dataset)} == {None, 0.8999}


def test_scores_of_another_grid_are_left_out(dataset: Dataset, rings: Structure) -> None:
    image = dataset.images.get(name="a.tif")
    keep_scores(image=image, scores={rings.pk: np.full((3, 2), 0.9)}, source="Model 1")
    shown = listed(dataset.project.created_by, rings, dataset)
    assert {one["score"] for one in shown} == {None}


def test_a_structure_of_another_project_is_refused(dataset: Dataset, bob: User) -> None:
    foreign = make_structure(project=make_project())
    with pytest.raises(Rejected, match="another project"):
        listed(bob, foreign, dataset)
