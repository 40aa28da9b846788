"""Whether there is enough to train on, and the sentences for what is missing."""

import pytest

from annotations.models import Dataset, Image, Structure
from annotations.models.label import Answer
from inference.services.readiness import training_readiness
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_structure,
)

pytestmark = pytest.mark.django_db
ONE_IMAGE = (
    "The answers are on one image only. Label patches on a second image, "
    "so that the model can be checked on one that it has not seen."
)


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture
def rings(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project, name="Rings")


def _answer(image: Image, structure: Structure, *values: Answer) -> None:
    """One answer after the other, on patches of the first row."""
    for column, value in enumerate(values):
        make_label(
            image=image,
            structure=structure,
            annotator=image.dataset.created_by,
            column=column,
            value=value,
        )


def _both(image: Image, structure: Structure) -> None:
    _answer(image, structure, Answer.YES, Answer.NO)


def test_two_images_with_both_answers_are_enough(dataset: Dataset, rings: Structure) -> None:
    images = [make_image(dataset=dataset) for _ in range(2)]
    for image in images:
        _both(image, rings)
    readiness = training_readiness(dataset=dataset)
    assert (readiness.ready, readiness.missing) == (True, [])
    (count,) = readiness.structures
    assert (count.id, count.name, count.yes, count.no, count.images) == (rings.pk, "Rings", 2, 2, 2)
    assert sorted(readiness.splits.values()) == [Image.Split.TRAIN, Image.Split.VALIDATION]


def test_looking_decides_nothing(dataset: Dataset, rings: Structure) -> None:
    for _ in range(2):
        _both(make_image(dataset=dataset), rings)
    training_readiness(dataset=dataset)
    assert set(Image.objects.values_list("split", flat=True)) == {""}


def test_without_a_structure_there_is_nothing_to_ask(dataset: Dataset) -> None:
    assert training_readiness(dataset=dataset).missing == [
        "Add a structure to the project: what should people answer yes or no about?"
    ]


def test_without_images_that_are_ready_there_is_nothing_to_label(
    dataset: Dataset, rings: Structure
) -> None:
    make_image(dataset=dataset, state=Image.State.IMPORTING)
    make_image(dataset=dataset, state=Image.State.REFUSED, error="The file is empty.")
    assert training_readiness(dataset=dataset).missing == [
        "Upload images and wait until they are imported."
    ]


def test_without_any_answer_only_that_is_said(dataset: Dataset, rings: Structure) -> None:
    make_image(dataset=dataset)
    assert training_readiness(dataset=dataset).missing == [
        "Rings: no patch is answered yet. Answer some with yes and some with no."
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Answer.NO, "Rings: every answer is no. Answer some patches with yes."),
        (Answer.YES, "Rings: every answer is yes. Answer some patches with no."),
    ],
)
def test_one_kind_of_answer_is_not_enough(
    dataset: Dataset, rings: Structure, given: Answer, sentence: str
) -> None:
    for _ in range(2):
        _answer(make_image(dataset=dataset), rings, given)
    assert training_readiness(dataset=dataset).missing == [sentence]


def test_answers_on_one_image_are_not_enough(dataset: Dataset, rings: Structure) -> None:
    make_image(dataset=dataset)
    _both(make_image(dataset=dataset), rings)
    assert training_readiness(dataset=dataset).missing == [ONE_IMAGE]


def test_everything_that_is_missing_is_said_at_once(dataset: Dataset, rings: Structure) -> None:
    fibres = make_structure(project=dataset.project, name="Fibres")
    image = make_image(dataset=dataset)
    _answer(image, rings, Answer.YES)
    _answer(image, fibres, Answer.NO)
    assert training_readiness(dataset=dataset).missing == [
        "Rings: every answer is yes. Answer some patches with no.",
        "Fibres: every answer is no. Answer some patches with yes.",
        ONE_IMAGE,
    ]


def test_an_answer_that_would_only_check_is_missing_where_training_happens(
    dataset: Dataset, rings: Structure
) -> None:
    first = make_image(dataset=dataset, split=Image.Split.TRAIN)
    second = make_image(dataset=dataset, split=Image.Split.VALIDATION)
    _answer(first, rings, Answer.YES)
    _both(second, rings)
    assert training_readiness(dataset=dataset).missing == [
        (
            "Rings: on the images kept for training, no patch is answered with no. "
            "Answer some patches of more images with no."
        )
    ]


def test_images_that_all_trained_before_leave_none_to_check_on(
    dataset: Dataset, rings: Structure
) -> None:
    for _ in range(2):
        _both(make_image(dataset=dataset, split=Image.Split.TRAIN), rings)
    assert training_readiness(dataset=dataset).missing == [
        (
            "No labelled image is left to check the model on: all of them have trained one. "
            "Label patches on one more image."
        )
    ]
    _both(make_image(dataset=dataset), rings)
    assert training_readiness(dataset=dataset).ready


def test_images_of_different_channels_do_not_train_together(
    dataset: Dataset, rings: Structure
) -> None:
    images = [make_image(dataset=dataset) for _ in range(2)]
    for image in images:
        _both(image, rings)
    Image.objects.filter(pk=images[0].pk).update(channels=images[0].channels * 3)
    (missing,) = training_readiness(dataset=dataset).missing
    assert missing == (
        "Labelled images have 1 and 3 channels. Choose which channels the data set works on, "
        "or keep them in separate data sets."
    )


@pytest.mark.parametrize(
    ("used", "missing"),
    [
        ([0], ""),
        (
            [0, 2],
            (
                "The data set works on channel 3, and a labelled image has only 1. "
                "Choose the channels anew, or keep such images in another data set."
            ),
        ),
    ],
)
def test_images_train_together_on_channels_that_all_of_them_have(
    dataset: Dataset, rings: Structure, used: list[int], missing: str
) -> None:
    images = [make_image(dataset=dataset) for _ in range(2)]
    for image in images:
        _both(image, rings)
    Image.objects.filter(pk=images[0].pk).update(channels=images[0].channels * 3)
    dataset.used_channels = used
    dataset.save()
    assert " ".join(training_readiness(dataset=dataset).missing) == missing


def test_structures_that_nobody_answered_about_are_left_out(
    dataset: Dataset, rings: Structure
) -> None:
    unasked = make_structure(project=dataset.project, name="Fibres")
    for _ in range(2):
        _both(make_image(dataset=dataset), rings)
    assert [one.id for one in training_readiness(dataset=dataset).structures] == [rings.pk]
    chosen = training_readiness(dataset=dataset, structures=[rings, unasked])
    assert chosen.missing == [
        "Fibres: no patch is answered yet. Answer some with yes and some with no."
    ]


def test_a_tie_is_no_answer(dataset: Dataset, rings: Structure) -> None:
    other = make_member(project=dataset.project).user
    for _ in range(2):
        image = make_image(dataset=dataset)
        _both(image, rings)
        make_label(image=image, structure=rings, annotator=other, column=0, value=Answer.NO)
    assert training_readiness(dataset=dataset).missing == [
        "Rings: every answer is no. Answer some patches with yes."
    ]
