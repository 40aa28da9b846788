"""Which patches are shown, and in which order."""

from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.errors import Rejected
from annotations.models import Dataset, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.patches import PatchQuery, ShownPatch, list_patches
from annotations.services.scores import keep_scores
from annotations.services.sheets import Place
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_project,
    make_structure,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    """Two images of 2 rows and 3 columns of patches; the second in name comes first in age."""
    dataset = make_dataset(patch_size=32)
    make_image(dataset=dataset, name="b.tif", height=64, width=96, condition="drug")
    make_image(dataset=dataset, name="a.tif", height=64, width=96)
    return dataset


@pytest.fixture
def rings(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


@pytest.fixture
def bob(dataset: Dataset) -> User:
    return make_member(project=dataset.project, role=Role.ANNOTATOR).user


def _all(by: User, structure: Structure, dataset: Dataset, **asked: Any) -> list[ShownPatch]:
    """Every page, one after the other."""
    found: list[ShownPatch] = []
    cursor: str | None = ""
    while cursor is not None:
        query = PatchQuery(structure=structure, cursor=cursor, **({"limit": 5} | asked))
        page = list_patches(by=by, dataset=dataset, query=query)
        found += page["patches"]
        cursor = page["next"]
    return found


def _cells(patches: list[ShownPatch]) -> list[Place]:
    return [Place(one["image"], one["row"], one["column"]) for one in patches]


def _score(dataset: Dataset, structure: Structure, name: str, values: list[float]) -> None:
    image = dataset.images.get(name=name)
    scores = np.array(values, dtype=np.float32).reshape(2, 3)
    keep_scores(image=image, scores={structure.pk: scores}, source="Model 1")


def test_images_come_by_name_and_patches_row_by_row(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    first, second = dataset.images.order_by("name")
    grid = [(row, column) for row in range(2) for column in range(3)]
    expected = [Place(image.pk, *cell) for image in (first, second) for cell in grid]
    assert _cells(_all(bob, rings, dataset)) == expected


def test_every_order_shows_every_patch_once(dataset: Dataset, rings: Structure, bob: User) -> None:
    _score(dataset, rings, "a.tif", [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])
    everything = set(_cells(_all(bob, rings, dataset)))
    for order in ("random", "uncertain", "certain"):
        shown = _cells(_all(bob, rings, dataset, order=order, seed=3))
        assert len(shown) == 12
        assert set(shown) == everything


def test_the_lot_is_the_same_for_the_same_seed_and_another_for_another(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    once = _all(bob, rings, dataset, order="random", seed=1)
    assert once == _all(bob, rings, dataset, order="random", seed=1, limit=7)
    assert once != _all(bob, rings, dataset, order="random", seed=2)


def test_an_image_that_comes_while_people_work_moves_no_patch(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    before = _cells(_all(bob, rings, dataset, order="random"))
    new = make_image(dataset=dataset, name="0.tif", height=64, width=96)
    after = _cells(_all(bob, rings, dataset, order="random"))
    assert [place for place in after if place.image != new.pk] == before


def test_a_page_goes_on_behind_the_last_patch_though_others_were_answered_meanwhile(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    query = PatchQuery(structure=rings, state="unanswered", limit=4)
    page = list_patches(by=bob, dataset=dataset, query=query)
    first = dataset.images.get(name="a.tif")
    for column in range(3):
        make_label(image=first, structure=rings, annotator=bob, column=column)
    assert page["next"] is not None
    rest = _all(bob, rings, dataset, state="unanswered", limit=99)
    query = PatchQuery(structure=rings, state="unanswered", cursor=page["next"], limit=99)
    following = list_patches(by=bob, dataset=dataset, query=query)
    assert _cells(following["patches"]) == _cells(rest)[1:]
    assert following["total"] == 9


def test_states_are_about_the_own_answers(dataset: Dataset, rings: Structure, bob: User) -> None:
    image = dataset.images.get(name="a.tif")
    alice = dataset.project.created_by
    for column, value in enumerate((Answer.YES, Answer.NO, Answer.UNSURE)):
        make_label(image=image, structure=rings, annotator=bob, column=column, value=value)
    make_label(image=image, structure=rings, annotator=alice, row=1)
    for state in ("yes", "no", "unsure"):
        assert [one["value"] for one in _all(bob, rings, dataset, state=state)] == [state]
    assert len(_all(bob, rings, dataset, state="mine")) == 3
    assert len(_all(bob, rings, dataset, state="unanswered")) == 9
    assert len(_all(alice, rings, dataset, state="answered")) == 1


def test_one_image_or_one_condition_can_be_asked_for(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    image = dataset.images.get(name="b.tif")
    assert {one["image"] for one in _all(bob, rings, dataset, image=image.pk)} == {image.pk}
    assert {one["image"] for one in _all(bob, rings, dataset, condition="drug")} == {image.pk}


def test_the_least_and_the_most_certain_come_first(dataset: Dataset, rings: Structure) -> None:
    _score(dataset, rings, "a.tif", [0.05, 0.45, 0.9, 0.6, 0.2, 0.99])
    alice = dataset.project.created_by
    least = [one["score"] for one in _all(alice, rings, dataset, order="uncertain")]
    assert least[:6] == pytest.approx([0.45, 0.6, 0.2, 0.9, 0.05, 0.99], abs=1e-3)
    assert least[6:] == [None] * 6
    most = [one["score"] for one in _all(alice, rings, dataset, order="certain")]
    assert most[:6] == least[5::-1]


def test_scores_between_two_numbers_can_be_asked_for(dataset: Dataset, rings: Structure) -> None:
    _score(dataset, rings, "b.tif", [0.05, 0.45, 0.9, 0.6, 0.2, 0.99])
    shown = _all(dataset.project.created_by, rings, dataset, least=0.4, most=0.7)
    assert [one["score"] for one in shown] == pytest.approx([0.45, 0.6], abs=1e-3)


def test_answers_that_the_model_contradicts_come_first(dataset: Dataset, rings: Structure) -> None:
    alice = dataset.project.created_by
    _score(dataset, rings, "a.tif", [0.9, 0.9, 0.1, 0.2, 0.5, 0.5])
    image = dataset.images.get(name="a.tif")
    for column, value in enumerate((Answer.YES, Answer.NO, Answer.YES)):
        make_label(image=image, structure=rings, annotator=alice, column=column, value=value)
    make_label(image=image, structure=rings, annotator=alice, row=1, value=Answer.NO)
    shown = _all(alice, rings, dataset, order="contradiction")
    assert {one["column"] for one in shown[:2]} == {1, 2}
    assert [one["value"] for one in shown[2:]] == ["no", "yes"]


def test_patches_on_which_people_differ_can_be_asked_for(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    image, alice = dataset.images.get(name="a.tif"), dataset.project.created_by
    for column, value in enumerate((Answer.YES, Answer.UNSURE, Answer.NO)):
        make_label(image=image, structure=rings, annotator=bob, column=column, value=Answer.NO)
        make_label(image=image, structure=rings, annotator=alice, column=column, value=value)
    assert [one["column"] for one in _all(alice, rings, dataset, state="disagreement")] == [0]


@pytest.mark.parametrize(
    "asked", [{"least": 0.1}, {"most": 0.5}, {"order": "contradiction"}, {"state": "disagreement"}]
)
def test_in_a_blind_project_annotators_learn_nothing_of_scores_or_others(
    dataset: Dataset, rings: Structure, bob: User, asked: dict[str, Any]
) -> None:
    _score(dataset, rings, "a.tif", [0.9] * 6)
    assert {one["score"] for one in _all(bob, rings, dataset)} == {None}
    with pytest.raises(PermissionDenied):
        _all(bob, rings, dataset, **asked)
    dataset.project.blind = False
    dataset.project.save()
    assert {one["score"] for one in _all(bob, rings, dataset)} == {None, 0.8999}


def test_scores_of_another_grid_are_left_out(dataset: Dataset, rings: Structure) -> None:
    image = dataset.images.get(name="a.tif")
    keep_scores(image=image, scores={rings.pk: np.full((3, 2), 0.9)}, source="Model 1")
    shown = _all(dataset.project.created_by, rings, dataset)
    assert {one["score"] for one in shown} == {None}


def test_patches_that_look_alike_come_first(rings: Structure, data_root: object) -> None:
    dataset = make_dataset(project=rings.project, patch_size=32)
    for _ in range(2):
        make_image(dataset=dataset, height=128, width=128, store=True)
    one, other = dataset.images.all()
    alice = dataset.project.created_by
    shown = _cells(_all(alice, rings, dataset, order="similar", like=Place(one.pk, 1, 1)))
    assert shown[0] == Place(one.pk, 1, 1)
    # Both images are the same disc: its four inner patches hold most of it.
    inner = {
        Place(image.pk, row, column)
        for image in (one, other)
        for row in (1, 2)
        for column in (1, 2)
    }
    assert set(shown[:8]) == inner
    assert len(shown) == 32


def test_a_structure_of_another_project_is_refused(dataset: Dataset, bob: User) -> None:
    foreign = make_structure(project=make_project())
    with pytest.raises(Rejected, match="another project"):
        _all(bob, foreign, dataset)


def test_nonsense_to_go_on_from_is_refused(dataset: Dataset, rings: Structure, bob: User) -> None:
    for cursor in ("x", "1:2", "999999:0:0", "a:b:c"):
        query = PatchQuery(structure=rings, cursor=cursor)
        with pytest.raises(Rejected):
            list_patches(by=bob, dataset=dataset, query=query)


def test_more_images_and_answers_ask_the_database_no_more_often(
    dataset: Dataset, rings: Structure
) -> None:
    alice = dataset.project.created_by

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            for order, state in (("uncertain", "unanswered"), ("image", "disagreement")):
                query = PatchQuery(structure=rings, order=order, state=state)
                list_patches(by=alice, dataset=dataset, query=query)
        return len(asked)

    few = queries()
    for number in range(4):
        image = make_image(dataset=dataset, name=f"{number}.tif", height=64, width=96)
        make_label(image=image, structure=rings, annotator=alice)
        _score(dataset, rings, f"{number}.tif", [0.5] * 6)
    assert queries() == few
