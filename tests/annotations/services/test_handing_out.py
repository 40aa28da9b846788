"""Handing out patches: to one person each, or to as many as the plan wants."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import (
    Assignment,
    Dataset,
    Image,
    LabellingPlan,
    Lease,
    ModelPatch,
    PatchScores,
    Project,
    Repeat,
    Role,
    Structure,
    User,
)
from annotations.models.label import Answer
from annotations.services.answers import record_answers
from annotations.services.given import Given
from annotations.services.handing_out import Cell, give_back, hand_out
from annotations.services.patch_choice import Order
from tests.factories import make_dataset, make_image, make_label, make_member, make_structure

pytestmark = pytest.mark.django_db


FRESH_FOR = "annotations.services.tallies.FRESH_FOR"


@pytest.fixture(autouse=True)
def up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered is known at once, not half a second later, so that tests need not wait."""
    monkeypatch.setattr(FRESH_FOR, 0.0)


@pytest.fixture
def dataset() -> Dataset:
    """Two images of 4 rows and 5 columns: 40 patches."""
    dataset = make_dataset(patch_size=32)
    for name in ("a.tif", "b.tif"):
        make_image(dataset=dataset, name=name, height=4 * 32, width=5 * 32)
    return dataset


@pytest.fixture
def structure(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


@pytest.fixture
def alice(dataset: Dataset) -> User:
    return make_member(project=dataset.project).user


@pytest.fixture
def bob(dataset: Dataset) -> User:
    return make_member(project=dataset.project).user


def _ask(by: User, structure: Structure, count: int = 10, **how: Any) -> list[Cell]:
    dataset = Dataset.objects.get(project=structure.project)
    handed = hand_out(by=by, dataset=dataset, structure=structure, count=count, **how)
    return [cell for cell, _ in handed.patches]


def _answer(
    by: User, structure: Structure, cells: Iterable[Cell], value: str = "yes", **fields: Any
) -> None:
    dataset = Dataset.objects.get(project=structure.project)
    answers = [Given(image, structure.pk, row, column, value, **fields)
               for image, row, column in cells]  # fmt: skip
    record_answers(by=by, dataset=dataset, answers=answers)


def _images(dataset: Dataset) -> list[Image]:
    return list(dataset.images.order_by("name"))


def test_patches_come_in_the_order_of_the_images(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    first, second = _images(dataset)
    expected = [(first.pk, row, column) for row in range(4) for column in range(5)]
    expected += [(second.pk, 0, column) for column in range(3)]
    assert _ask(alice, structure, 23) == expected


def test_nobody_gets_what_another_has(structure: Structure, alice: User, bob: User) -> None:
    handed = [_ask(person, structure, 15) for person in (alice, bob, alice, bob)]
    cells = [cell for cells in handed for cell in cells]
    assert [len(cells) for cells in handed] == [15, 15, 10, 0]
    assert len(set(cells)) == 40


def test_what_is_answered_is_not_handed_out_again(
    structure: Structure, alice: User, bob: User
) -> None:
    mine = _ask(alice, structure, 30)
    _answer(alice, structure, mine)
    assert not Lease.objects.exists()
    assert set(_ask(bob, structure, 40)).isdisjoint(mine)


def test_what_was_answered_a_moment_ago_is_not_handed_out_either(
    dataset: Dataset,
    structure: Structure,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process that hands out does not know of it yet, but asks the rows."""
    monkeypatch.setattr(FRESH_FOR, 1000.0)
    _ask(bob, structure, 0)
    cells = [(_images(dataset)[0].pk, row, column) for row in range(4) for column in range(5)]
    _answer(alice, structure, cells)
    assert len(_ask(bob, structure, 40)) == 20


def test_an_answer_that_is_taken_back_is_asked_again(
    structure: Structure, alice: User, bob: User
) -> None:
    mine = _ask(alice, structure, 40)
    _answer(alice, structure, mine)
    assert _ask(bob, structure) == []
    _answer(alice, structure, mine[:3], "")
    assert _ask(bob, structure) == mine[:3]


def test_a_lease_ends_when_its_time_is_up(structure: Structure, alice: User, bob: User) -> None:
    mine = _ask(alice, structure, 40)
    assert _ask(bob, structure) == []
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert _ask(bob, structure, 40) == mine
    # Alice answers late: what she says counts all the same.
    _answer(alice, structure, mine[:1])


def test_what_is_kept_stays_and_what_is_not_goes_back(
    structure: Structure, alice: User, bob: User
) -> None:
    mine = _ask(alice, structure, 10)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=5))
    dataset = Dataset.objects.get()
    gone = (mine[0][0], 3, 4)
    handed = hand_out(
        by=alice, dataset=dataset, structure=structure, count=0, keep=[*mine[:4], gone]
    )
    assert handed.kept == mine[:4]
    assert Lease.objects.filter(expires_at__gt=timezone.now() + timedelta(minutes=5)).count() == 4
    assert _ask(bob, structure, 2) == mine[4:6]


def test_patches_are_given_back(structure: Structure, alice: User, bob: User) -> None:
    mine = _ask(alice, structure, 10)
    dataset = Dataset.objects.get()
    some: dict[str, Any] = {"by": alice, "dataset": dataset, "structure": structure}
    assert give_back(**some, patches=mine[:3]) == 3
    assert give_back(**some, patches=mine[:3]) == 0
    assert _ask(bob, structure, 3) == mine[:3]
    assert give_back(**some) == 7


def _plan(dataset: Dataset, **fields: Any) -> None:
    LabellingPlan.objects.create(dataset=dataset, **fields)


def test_every_patch_is_asked_of_as_many_as_the_plan_wants(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    _plan(dataset, answers_wanted=2, shared_fraction=1)
    carol = make_member(project=dataset.project).user
    for person, expected in ((alice, 40), (bob, 40), (carol, 0)):
        assert len(_ask(person, structure, 40)) == expected
    assert Lease.objects.count() == 80


def test_a_share_of_the_patches_is_asked_of_several(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    make_image(dataset=dataset, name="c.tif", height=32 * 40, width=32 * 50)
    _plan(dataset, answers_wanted=2, shared_fraction=0.25)
    for _ in range(6):
        _answer(alice, structure, _ask(alice, structure, 400))
    shared = _ask(bob, structure, 400) + _ask(bob, structure, 400)
    assert 0.2 < len(shared) / 2040 < 0.3
    # Spread over the images, not their beginning.
    rows = [row for _, row, _ in shared]
    assert 15 < np.mean(rows) < 25


def test_known_patches_are_among_the_others(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    image = _images(dataset)[1]
    manager = dataset.created_by
    ModelPatch.objects.create(
        structure=structure, image=image, row=3, column=4, use="calibration", value="no", by=manager
    )
    for person in (alice, bob):
        handed = _ask(person, structure, 10)
        assert len(set(handed)) == 10
        assert (image.pk, 3, 4) in handed
        _answer(person, structure, handed)
        assert (image.pk, 3, 4) not in _ask(person, structure, 10)


def test_some_patches_come_a_second_time_to_the_same_person(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    _plan(dataset, answers_wanted=1, repeat_fraction=0.5)
    mine = _ask(alice, structure, 20)
    _answer(alice, structure, mine, "yes", at=timezone.now() - timedelta(hours=1))
    handed = _ask(alice, structure, 20, seed=3)
    again = set(handed) & set(mine)
    assert 4 <= len(again) <= 16
    assert set(Lease.objects.filter(is_repeat=True).values_list("image_id", "row", "column")) == (
        again
    )
    _answer(alice, structure, handed, "no")
    assert set(Repeat.objects.values_list("first", "second")) == {("yes", "no")}
    assert Repeat.objects.count() == len(again)


def test_what_was_answered_just_now_is_not_repeated(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    _plan(dataset, answers_wanted=1, repeat_fraction=1)
    mine = _ask(alice, structure, 10)
    _answer(alice, structure, mine)
    assert set(_ask(alice, structure, 10)).isdisjoint(mine)


def test_a_person_gets_no_more_than_their_share(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    Assignment.objects.create(dataset=dataset, structure=structure, annotator=alice, share=0.25)
    assert _ask(bob, structure) == []
    mine = _ask(alice, structure, 7)
    _answer(alice, structure, mine)
    assert len(_ask(alice, structure, 40)) == 3


def _scores(dataset: Dataset, structure: Structure) -> None:
    """0 to 1 over the first image alone."""
    scores = np.linspace(0, 1, 20, dtype="<f2").reshape(4, 5)
    PatchScores.objects.create(
        image=_images(dataset)[0],
        structure=structure,
        rows=4,
        columns=5,
        scores=scores.tobytes(),
        source="Model 1",
    )


@pytest.mark.parametrize(
    ("order", "places"),
    [(Order.UNCERTAIN, {9, 10, 8, 11}), (Order.CERTAIN, {0, 19, 1, 18})],
)
def test_a_model_says_what_is_asked_first(
    dataset: Dataset, structure: Structure, alice: User, order: Order, places: set[int]
) -> None:
    _scores(dataset, structure)
    handed = _ask(alice, structure, 4, order=order)
    assert {5 * row + column for _, row, column in handed} == places
    assert {image for image, _, _ in _ask(alice, structure, 36, order=order)[:16]} == {
        _images(dataset)[0].pk
    }


def test_scores_are_shown_where_the_project_is_not_blind(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    _scores(dataset, structure)
    for blind, expected in ((True, [None, None]), (False, [0.1052, 0.1579])):
        Project.objects.update(blind=blind)
        dataset = Dataset.objects.get(pk=dataset.pk)
        handed = hand_out(by=alice, dataset=dataset, structure=structure, count=2)
        shown = [score for _, score in handed.patches]
        if expected[0] is not None:
            assert shown == pytest.approx(expected, abs=1e-3)
        else:
            assert shown == expected


def test_in_random_order_all_come_once(structure: Structure, alice: User) -> None:
    handed = [cell for _ in range(5) for cell in _ask(alice, structure, 9, order=Order.RANDOM)]
    assert len(handed) == len(set(handed)) == 40
    assert handed != sorted(handed)


def test_a_new_image_is_handed_out_too(dataset: Dataset, structure: Structure, alice: User) -> None:
    _answer(alice, structure, _ask(alice, structure, 40))
    make_image(dataset=dataset, height=32, width=64)
    assert len(_ask(alice, structure, 40)) == 2


def test_patches_of_another_grid_come_when_it_changes(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    assert len(_ask(alice, structure, 0)) == 0
    Dataset.objects.update(patch_size=64)
    assert len(_ask(alice, structure, 40)) == 2 * 2 * 3


def test_only_those_who_may_answer_get_patches(dataset: Dataset, structure: Structure) -> None:
    viewer = make_member(project=dataset.project, role=Role.VIEWER).user
    with pytest.raises(PermissionDenied):
        _ask(viewer, structure)


@pytest.mark.parametrize("count", [-1, 401])
def test_too_many_at_once_are_refused(structure: Structure, alice: User, count: int) -> None:
    with pytest.raises(Rejected, match="at most 400"):
        _ask(alice, structure, count)


@pytest.mark.django_db(transaction=True)
def test_people_who_ask_at_once_get_different_patches(
    dataset: Dataset, structure: Structure
) -> None:
    people = [make_member(project=dataset.project).user for _ in range(6)]
    handed: list[Cell] = []
    barrier = threading.Barrier(len(people))

    def ask(person: User) -> None:
        try:
            barrier.wait(10)
            for _ in range(3):
                handed.extend(_ask(person, structure, 2))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(handed) == len(set(handed)) == 36


def test_more_patches_and_answers_take_no_more_queries(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    _plan(dataset, answers_wanted=2, shared_fraction=0.5, repeat_fraction=0.2, adaptive=True)
    _scores(dataset, structure)
    counts = []
    for number in range(2):
        _ask(alice, structure, 2, order=Order.UNCERTAIN)
        with CaptureQueriesContext(connection) as asked:
            _ask(bob, structure, 5 + 20 * number, order=Order.UNCERTAIN)
        counts.append(len(asked))
        for _ in range(4):
            image = make_image(dataset=dataset, height=32 * 10, width=32 * 10)
            for column in range(10):
                make_label(
                    image=image,
                    structure=structure,
                    annotator=alice,
                    column=column,
                    value=Answer.NO,
                )
        _ask(alice, structure, 0)
    assert counts[0] == counts[1]
    assert counts[0] <= 18


def test_another_answer_is_asked_only_while_there_is_doubt(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    """Alice and Bob agree on a hundred patches; one of the two is enough for the rest."""
    wide = make_image(dataset=dataset, name="c.tif", height=32 * 10, width=32 * 10)
    for number in range(100):
        row, column = divmod(number, 10)
        value = Answer.YES if number % 2 else Answer.NO
        for person in (alice, bob):
            make_label(
                image=wide,
                structure=structure,
                annotator=person,
                row=row,
                column=column,
                value=value,
            )
    alone, unsure = _images(dataset)[:2]
    make_label(image=alone, structure=structure, annotator=alice)
    make_label(image=unsure, structure=structure, annotator=alice, value=Answer.UNSURE)
    carol = make_member(project=dataset.project).user
    _plan(dataset, answers_wanted=3, shared_fraction=1, adaptive=True)
    handed = set(_ask(carol, structure, 200))
    assert (unsure.pk, 0, 0) in handed
    assert (alone.pk, 0, 0) not in handed
    assert not {cell for cell in handed if cell[0] == wide.pk}
    assert len(handed) == 39


def test_patches_of_an_image_or_a_condition_alone_are_handed_out(
    dataset: Dataset, structure: Structure, bob: User
) -> None:
    image = dataset.images.get(name="b.tif")
    handed = hand_out(by=bob, dataset=dataset, structure=structure, count=40, image=image.pk)
    assert {key for (key, _, _), _ in handed.patches} == {image.pk}
    assert (len(handed.patches), handed.left) == (20, 0)
    dataset.images.filter(name="a.tif").update(condition="drug")
    handed = hand_out(by=bob, dataset=dataset, structure=structure, count=40, condition="drug")
    assert {key for (key, _, _), _ in handed.patches} == {dataset.images.get(name="a.tif").pk}


def test_who_gets_nothing_is_told_what_others_have_and_until_when(
    dataset: Dataset, structure: Structure, bob: User
) -> None:
    carol = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    first = hand_out(by=bob, dataset=dataset, structure=structure, count=30)
    assert (first.held, first.held_until) == (0, None)
    second = hand_out(by=carol, dataset=dataset, structure=structure, count=20)
    assert (len(second.patches), second.left, second.held) == (10, 0, 30)
    assert second.held_until == first.expires_at
    assert not second.share_done


def test_who_has_done_a_share_is_told(dataset: Dataset, structure: Structure, bob: User) -> None:
    Assignment.objects.create(dataset=dataset, structure=structure, annotator=bob, share=0.25)
    handed = hand_out(by=bob, dataset=dataset, structure=structure, count=40)
    assert (len(handed.patches), handed.share_done) == (10, True)
