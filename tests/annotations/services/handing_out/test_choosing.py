"""Which of the open patches come first, and which of them are meant at all."""

import pytest

from annotations.models import Dataset, Project, Structure, User
from annotations.services.handing_out import hand_out
from annotations.services.patch_choice import Order
from tests.annotations.services.handing_out.asking import ask, images_of, score

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("order", "places"),
    [(Order.UNCERTAIN, {9, 10, 8, 11}), (Order.CERTAIN, {0, 19, 1, 18})],
)
def test_a_model_says_what_is_asked_first(
    dataset: Dataset, structure: Structure, alice: User, order: Order, places: set[int]
) -> None:
    score(dataset, structure)
    handed = ask(alice, structure, 4, order=order)
    assert {5 * row + column for _, row, column in handed} == places
    assert {image for image, _, _ in ask(alice, structure, 36, order=order)[:16]} == {
        images_of(dataset)[0].pk
    }


def test_while_nothing_is_expected_the_least_certain_are_drawn_by_lot(
    structure: Structure, alice: User
) -> None:
    handed = [cell for _ in range(5) for cell in ask(alice, structure, 9, order=Order.UNCERTAIN)]
    assert len(handed) == len(set(handed)) == 40
    assert handed != sorted(handed)


def test_a_portion_is_told_where_answers_change_what_comes_next(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    for order, portion in ((Order.UNCERTAIN, 8), (Order.CERTAIN, None), (Order.IMAGE, None)):
        handed = hand_out(by=alice, dataset=dataset, structure=structure, count=1, order=order)
        assert handed.portion == portion


def test_scores_are_shown_where_the_project_is_not_blind(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    score(dataset, structure)
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
    handed = [cell for _ in range(5) for cell in ask(alice, structure, 9, order=Order.RANDOM)]
    assert len(handed) == len(set(handed)) == 40
    assert handed != sorted(handed)


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
