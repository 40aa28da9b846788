"""Patches that several people are asked about, as a data set's plan and assignments say."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from annotations.models import (
    Assignment,
    Dataset,
    Label,
    Lease,
    ModelPatch,
    Repeat,
    Structure,
    User,
)
from annotations.models.label import Answer
from annotations.services.handing_out import hand_out
from tests.annotations.services.handing_out.asking import answer, ask, images_of, plan
from tests.factories import make_image, make_label, make_member

pytestmark = pytest.mark.django_db


def test_every_patch_is_asked_of_as_many_as_the_plan_wants(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    plan(dataset, answers_wanted=2, shared_fraction=1)
    carol = make_member(project=dataset.project).user
    for person, expected in ((alice, 40), (bob, 40), (carol, 0)):
        assert len(ask(person, structure, 40)) == expected
    assert Lease.objects.count() == 80


def test_a_share_of_the_patches_is_asked_of_several(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    make_image(dataset=dataset, name="c.tif", height=32 * 40, width=32 * 50)
    plan(dataset, answers_wanted=2, shared_fraction=0.25)
    for _ in range(6):
        answer(alice, structure, ask(alice, structure, 400))
    shared = ask(bob, structure, 400) + ask(bob, structure, 400)
    assert 0.2 < len(shared) / 2040 < 0.3
    # Spread over the images, not their beginning.
    rows = [row for _, row, _ in shared]
    assert 15 < np.mean(rows) < 25


def test_known_patches_are_among_the_others(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    image = images_of(dataset)[1]
    manager = dataset.created_by
    ModelPatch.objects.create(
        structure=structure, image=image, row=3, column=4, use="calibration", value="no", by=manager
    )
    for person in (alice, bob):
        handed = ask(person, structure, 10)
        assert len(set(handed)) == 10
        assert (image.pk, 3, 4) in handed
        answer(person, structure, handed)
        assert (image.pk, 3, 4) not in ask(person, structure, 10)


def test_some_patches_come_a_second_time_to_the_same_person(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    plan(dataset, answers_wanted=1, repeat_fraction=0.5)
    mine = ask(alice, structure, 20)
    answer(alice, structure, mine, "yes", at=timezone.now() - timedelta(hours=1))
    handed = ask(alice, structure, 20, seed=3)
    again = set(handed) & set(mine)
    assert 4 <= len(again) <= 16
    assert set(Lease.objects.filter(is_repeat=True).values_list("image_id", "row", "column")) == (
        again
    )
    answer(alice, structure, handed, "no")
    assert set(Repeat.objects.values_list("first", "second")) == {("yes", "no")}
    assert Repeat.objects.count() == len(again)


def test_no_more_than_a_share_comes_a_second_time_however_long_somebody_goes_on(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    plan(dataset, answers_wanted=1, repeat_fraction=0.1)
    hour_ago = timezone.now() - timedelta(hours=1)
    for _ in range(40):
        answer(alice, structure, ask(alice, structure, 20), at=hour_ago)
    assert Label.objects.count() == 40
    assert Repeat.objects.count() == 4


def test_what_was_answered_just_now_is_not_repeated(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    plan(dataset, answers_wanted=1, repeat_fraction=1)
    mine = ask(alice, structure, 10)
    answer(alice, structure, mine)
    assert set(ask(alice, structure, 10)).isdisjoint(mine)


def test_a_person_gets_no_more_than_their_share(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    Assignment.objects.create(dataset=dataset, structure=structure, annotator=alice, share=0.25)
    assert ask(bob, structure) == []
    mine = ask(alice, structure, 7)
    answer(alice, structure, mine)
    assert len(ask(alice, structure, 40)) == 3


def test_who_has_done_a_share_is_told(dataset: Dataset, structure: Structure, bob: User) -> None:
    Assignment.objects.create(dataset=dataset, structure=structure, annotator=bob, share=0.25)
    handed = hand_out(by=bob, dataset=dataset, structure=structure, count=40)
    assert (len(handed.patches), handed.share_done) == (10, True)


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
    alone, unsure = images_of(dataset)[:2]
    make_label(image=alone, structure=structure, annotator=alice)
    make_label(image=unsure, structure=structure, annotator=alice, value=Answer.UNSURE)
    carol = make_member(project=dataset.project).user
    plan(dataset, answers_wanted=3, shared_fraction=1, adaptive=True)
    handed = set(ask(carol, structure, 200))
    assert (unsure.pk, 0, 0) in handed
    assert (alone.pk, 0, 0) not in handed
    assert not {cell for cell in handed if cell[0] == wide.pk}
    assert len(handed) == 39
