"""The order "contradictions first": people against a model and against each other."""

from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.models import Dataset, Decision, Image, Role, Structure, User
from annotations.models.label import Answer
from annotations.services import tallies
from annotations.services.answers.labels import label_patches
from annotations.services.patches.listing import ShownPatch, list_patches
from annotations.services.patches.query import PatchQuery
from annotations.services.scores import keep_scores
from tests.factories import make_dataset, make_image, make_label, make_member, make_structure

pytestmark = pytest.mark.django_db
YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE


@pytest.fixture
def dataset() -> Dataset:
    """One image of 2 rows and 3 columns of patches."""
    dataset = make_dataset(patch_size=32)
    make_image(dataset=dataset, name="a.tif", height=64, width=96)
    return dataset


@pytest.fixture
def image(dataset: Dataset) -> Image:
    return dataset.images.get()


@pytest.fixture
def rings(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


@pytest.fixture
def alice(dataset: Dataset) -> User:
    """The manager."""
    return dataset.project.created_by


@pytest.fixture
def bob(dataset: Dataset) -> User:
    return make_member(project=dataset.project, role=Role.ANNOTATOR).user


def _score(image: Image, structure: Structure, *values: float) -> None:
    scores = np.array(values, dtype=np.float32).reshape(2, 3)
    keep_scores(image=image, scores={structure.pk: scores}, source="Model 1")


def _answer(image: Image, structure: Structure, who: User, *values: Answer | None) -> None:
    """Answers to the patches in their order; None for none."""
    for number, value in enumerate(values):
        if value is not None:
            row, column = divmod(number, 3)
            make_label(
                image=image, structure=structure, annotator=who, row=row, column=column, value=value
            )


def _page(by: User, structure: Structure, dataset: Dataset, **asked: Any) -> list[ShownPatch]:
    query = PatchQuery(structure=structure, **({"order": "contradiction"} | asked))
    return list_patches(by=by, dataset=dataset, query=query)["patches"]


def _numbers(patches: list[ShownPatch]) -> list[int]:
    return [3 * one["row"] + one["column"] for one in patches]


def test_a_manager_sees_what_others_said_against_the_model(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _score(image, rings, 0.9, 0.95, 0.1, 0.05, 0.5, 0.5)
    _answer(image, rings, bob, YES, NO, YES, NO)
    shown = _page(alice, rings, dataset)
    assert set(_numbers(shown)[:2]) == {1, 2}
    assert _numbers(shown)[2:] in ([0, 3], [3, 0])
    assert {one["value"] for one in shown} == {None}
    [second] = [one for one in shown if _numbers([one]) == [1]]
    assert second["said"] == [{"annotator_id": bob.pk, "annotator": bob.username, "value": "no"}]


def test_people_against_each_other_are_ranked_together_with_people_against_the_model(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    # 0: both agree with the model. 1: they differ, and the model is sure who is wrong. 2: they
    # differ, and the model does not know. 3: the model doubts one answer a little. 4: nobody has
    # any doubt without a model's word, which patch 4 has not.
    _score(image, rings, 0.95, 0.97, 0.5, 0.4, np.nan, np.nan)
    _answer(image, rings, bob, YES, NO, NO, YES, YES)
    _answer(image, rings, alice, YES, YES, YES)
    shown = _page(alice, rings, dataset)
    assert _numbers(shown) == [1, 2, 3, 0]
    said = {one["annotator"]: one["value"] for one in shown[0]["said"] or []}
    assert said == {alice.username: "yes", bob.username: "no"}


def test_people_who_differ_are_listed_without_any_model(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _answer(image, rings, bob, YES, NO, UNSURE)
    _answer(image, rings, alice, YES, YES, YES)
    assert _numbers(_page(alice, rings, dataset)) == [1]


def test_the_majority_makes_the_other_the_one_to_doubt(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    carol = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    _answer(image, rings, alice, YES, YES)
    _answer(image, rings, bob, NO, NO)
    _answer(image, rings, carol, None, YES)
    # An even vote leaves it open who is wrong; two against one hardly.
    assert _numbers(_page(alice, rings, dataset)) == [1, 0]


def test_who_is_unsure_is_named_beside_those_who_differ(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    carol = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    for who, value in ((alice, YES), (bob, NO), (carol, UNSURE)):
        _answer(image, rings, who, value)
    [shown] = _page(alice, rings, dataset)
    assert sorted(one["value"] for one in shown["said"] or []) == ["no", "unsure", "yes"]


def test_nobody_is_named_in_another_order(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _answer(image, rings, bob, NO)
    assert {one["said"] for one in _page(alice, rings, dataset, order="image")} == {None}


def test_what_a_manager_has_decided_is_no_longer_in_doubt(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _score(image, rings, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1)
    _answer(image, rings, bob, NO, NO)
    Decision.objects.create(
        image=image, structure=rings, row=0, column=0, value=NO, by=alice, at=timezone.now()
    )
    assert _numbers(_page(alice, rings, dataset)) == [1]


def test_a_list_of_ones_own_answers_doubts_these_alone(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _score(image, rings, 0.95, 0.95, 0.9, 0.1, 0.1, 0.1)
    _answer(image, rings, bob, NO, NO)
    _answer(image, rings, alice, YES, None, NO)
    # Patch 0 is in doubt because of Bob alone.
    assert _numbers(_page(alice, rings, dataset))[:2] == [0, 1]
    assert _numbers(_page(alice, rings, dataset, state="mine")) == [0, 2]
    assert _numbers(_page(alice, rings, dataset, state="no")) == [2]


def test_annotators_see_everybodys_only_where_the_project_is_not_blind(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _score(image, rings, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1)
    _answer(image, rings, alice, NO)
    with pytest.raises(PermissionDenied):
        _page(bob, rings, dataset)
    with pytest.raises(PermissionDenied):
        _page(bob, rings, dataset, state="mine")
    dataset.project.blind = False
    dataset.project.save()
    assert _numbers(_page(bob, rings, dataset)) == [0]


def test_a_new_answer_moves_its_patch(
    dataset: Dataset,
    image: Image,
    rings: Structure,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tallies, "FRESH_FOR", 0.0)
    _score(image, rings, 0.9, 0.8, 0.1, 0.1, 0.1, 0.1)
    for column in (0, 1):
        label_patches(by=bob, image=image, structure=rings, cells=[(0, column)], value=NO)
    assert _numbers(_page(alice, rings, dataset)) == [0, 1]
    label_patches(by=bob, image=image, structure=rings, cells=[(0, 0)], value=YES)
    assert _numbers(_page(alice, rings, dataset)) == [1, 0]
    label_patches(by=bob, image=image, structure=rings, cells=[(0, 0)], value=None)
    assert _numbers(_page(alice, rings, dataset)) == [1]


def test_one_image_alone_can_be_looked_through(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    other = make_image(dataset=dataset, name="0.tif", height=64, width=96)
    for one in (image, other):
        _score(one, rings, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1)
        _answer(one, rings, bob, NO, YES)
    shown = _page(alice, rings, dataset, image=image.pk)
    assert {(one["image"], one["column"]) for one in shown} == {(image.pk, 0), (image.pk, 1)}
    assert len(_page(alice, rings, dataset)) == 4


def test_pages_follow_each_other_without_gap(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    _score(image, rings, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1)
    _answer(image, rings, bob, NO, NO, YES, YES, NO, NO)
    whole = _page(alice, rings, dataset)
    query = PatchQuery(structure=rings, order="contradiction", limit=4)
    first = list_patches(by=alice, dataset=dataset, query=query)
    assert (first["total"], len(first["patches"])) == (6, 4)
    rest = _page(alice, rings, dataset, cursor=first["next"], limit=4)
    assert first["patches"] + rest == whole


def test_more_images_people_and_answers_ask_the_database_no_more_often(
    dataset: Dataset, image: Image, rings: Structure, alice: User, bob: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            _page(alice, rings, dataset)
        return len(asked)

    _score(image, rings, *[0.5] * 6)
    _answer(image, rings, bob, NO, YES)
    first, again = queries(), queries()
    for name in ("b.tif", "c.tif"):
        more = make_image(dataset=dataset, name=name, height=64, width=96)
        _score(more, rings, *[0.5] * 6)
        for who in (alice, bob, make_member(project=dataset.project, role=Role.ANNOTATOR).user):
            _answer(more, rings, who, NO, YES, NO)
    assert queries() <= first
    assert queries() == again
