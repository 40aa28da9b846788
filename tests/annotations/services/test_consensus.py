"""What all annotators together say about a patch."""

import pytest

from annotations.models import Image, Structure
from annotations.models.label import Answer
from annotations.services.consensus import PatchAnswer, consensus
from tests.factories import make_image, make_label, make_structure, make_user

pytestmark = pytest.mark.django_db
YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE


def _agreed(image: Image, *structures: Structure) -> list[PatchAnswer]:
    return consensus(dataset=image.dataset, structures=[one.pk for one in structures])


@pytest.mark.parametrize(
    ("answers", "present"),
    [
        ([YES], True),
        ([NO], False),
        ([YES, YES, NO], True),
        ([NO, YES, NO], False),
        ([YES, UNSURE, UNSURE], True),
        ([YES, NO], None),
        ([YES, YES, NO, NO, UNSURE], None),
        ([UNSURE], None),
        ([], None),
    ],
)
def test_the_majority_of_yes_and_no_decides(answers: list[Answer], present: bool | None) -> None:
    image = make_image()
    structure = make_structure(project=image.dataset.project)
    for value in answers:
        make_label(
            image=image, structure=structure, annotator=make_user(), row=1, column=2, value=value
        )
    expected = [] if present is None else [PatchAnswer(image.pk, 1, 2, structure.pk, present)]
    assert _agreed(image, structure) == expected


def test_patches_and_structures_are_counted_apart() -> None:
    image = make_image()
    first, second = (make_structure(project=image.dataset.project) for _ in range(2))
    person = make_user()
    make_label(image=image, structure=first, annotator=person, column=0, value=YES)
    make_label(image=image, structure=first, annotator=person, column=1, value=NO)
    make_label(image=image, structure=second, annotator=person, column=0, value=NO)
    assert set(_agreed(image, first, second)) == {
        PatchAnswer(image.pk, 0, 0, first.pk, True),
        PatchAnswer(image.pk, 0, 1, first.pk, False),
        PatchAnswer(image.pk, 0, 0, second.pk, False),
    }
    assert {answer.structure for answer in _agreed(image, second)} == {second.pk}


def test_only_ready_images_of_the_data_set_count() -> None:
    image = make_image()
    structure = make_structure(project=image.dataset.project)
    for other in (make_image(dataset=image.dataset, state=Image.State.IMPORTING), make_image()):
        make_label(image=other, structure=structure, annotator=make_user())
    assert _agreed(image, structure) == []
