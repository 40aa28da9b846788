"""Which images train, which measure while training, and which are kept aside."""

from collections import Counter

import pytest

from annotations.models import Dataset, Image
from annotations.services.consensus import PatchAnswer
from annotations.services.splits import Splits, keep_splits, plan_splits
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db
TRAIN, VALIDATION, TEST = Image.Split.TRAIN, Image.Split.VALIDATION, Image.Split.TEST


def _images(dataset: Dataset, count: int) -> list[Image]:
    return [make_image(dataset=dataset) for _ in range(count)]


def _both(images: list[Image]) -> list[PatchAnswer]:
    """A yes and a no about structure 1 on each image."""
    return [
        PatchAnswer(image.pk, 0, column, 1, present)
        for image in images
        for column, present in enumerate((True, False))
    ]


def _plan(dataset: Dataset, images: list[Image]) -> Splits:
    return plan_splits(dataset=dataset, answers=_both(images))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, {TRAIN: 1}),
        (2, {TRAIN: 1, VALIDATION: 1}),
        (3, {TRAIN: 2, VALIDATION: 1}),
        (5, {TRAIN: 4, VALIDATION: 1}),
        (9, {TRAIN: 7, VALIDATION: 2}),
        (10, {TRAIN: 7, VALIDATION: 2, TEST: 1}),
        (20, {TRAIN: 14, VALIDATION: 4, TEST: 2}),
        (100, {TRAIN: 70, VALIDATION: 20, TEST: 10}),
    ],
)
def test_images_are_shared_out(count: int, expected: dict[str, int]) -> None:
    dataset = make_dataset()
    splits = _plan(dataset, _images(dataset, count))
    assert Counter(splits.values()) == expected


def test_images_without_agreed_answers_have_no_split() -> None:
    dataset = make_dataset()
    labelled, _ = _images(dataset, 2)
    assert set(_plan(dataset, [labelled])) == {labelled.pk}


def test_the_same_images_are_shared_out_alike_however_they_came() -> None:
    first, second = make_dataset(), make_dataset()
    images = _images(first, 12)
    for image in reversed(images):
        twin = make_image(dataset=second, name=f"other {image.name}")
        Image.objects.filter(pk=twin.pk).update(sha256=image.sha256)
    of_first = _plan(first, images)
    of_second = _plan(second, list(second.images.all()))
    by_content = [
        {image.sha256: splits[image.pk] for image in dataset.images.all()}
        for dataset, splits in ((first, of_first), (second, of_second))
    ]
    assert by_content[0] == by_content[1]


def test_what_was_decided_stays() -> None:
    dataset = make_dataset()
    images = _images(dataset, 4)
    decided = dict(
        zip([image.pk for image in images], [TEST, VALIDATION, TRAIN, TRAIN], strict=True)
    )
    for pk, split in decided.items():
        Image.objects.filter(pk=pk).update(split=split)
    splits = _plan(dataset, images + _images(dataset, 6))
    assert {pk: splits[pk] for pk in decided} == decided
    assert Counter(splits.values()) == {TRAIN: 7, VALIDATION: 2, TEST: 1}


def test_a_later_plan_never_moves_an_image() -> None:
    dataset = make_dataset()
    images: list[Image] = []
    seen: Splits = {}
    for _ in range(12):
        images += _images(dataset, 1)
        splits = _plan(dataset, images)
        assert {pk: splits[pk] for pk in seen} == seen
        keep_splits(splits)
        seen = splits


def test_keeping_a_plan_changes_no_earlier_decision() -> None:
    image = make_image(split=TEST)
    other = make_image(dataset=image.dataset)
    keep_splits({image.pk: TRAIN, other.pk: VALIDATION})
    assert dict(Image.objects.values_list("pk", "split")) == {image.pk: TEST, other.pk: VALIDATION}


def test_the_image_with_the_most_kinds_of_answers_trains() -> None:
    dataset = make_dataset()
    images = _images(dataset, 5)
    rich = images[3]
    answers = [PatchAnswer(image.pk, 0, 0, 1, True) for image in images]
    answers.append(PatchAnswer(rich.pk, 0, 1, 1, False))
    assert plan_splits(dataset=dataset, answers=answers)[rich.pk] == TRAIN


def test_a_new_image_takes_the_place_of_a_missing_validation_image() -> None:
    dataset = make_dataset()
    images = [make_image(dataset=dataset, split=TRAIN) for _ in range(3)]
    new = make_image(dataset=dataset)
    assert _plan(dataset, [*images, new])[new.pk] == VALIDATION
