"""What is no answer to a patch that there is."""

from uuid import uuid4

import pytest

from annotations.errors import Rejected
from annotations.models import Image, Label, LabelChange, User
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import GridNamed
from tests.annotations.services.answers.telling import Make
from tests.factories import make_image, make_structure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"row": 2}, "2 rows and 3 columns"),
        ({"column": 3}, "2 rows and 3 columns"),
        ({"structure": 10**9}, "no such structure"),
        ({"image": 10**9}, "no such image"),
    ],
)
def test_one_wrong_answer_stops_all_and_is_named(
    image: Image, alice: User, given: Make, wrong: dict[str, int], reason: str
) -> None:
    event = uuid4()
    answers = [given("yes", event=uuid4()), given("no", event=event, **wrong)]
    with pytest.raises(Rejected, match=reason) as refusal:
        record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert refusal.value.refused == [str(event)]
    assert not Label.objects.exists()
    assert not LabelChange.objects.exists()


def test_images_and_structures_of_elsewhere_are_refused(
    image: Image, alice: User, given: Make
) -> None:
    elsewhere = make_image()
    foreign = make_structure(project=elsewhere.dataset.project)
    for answer in (given("yes", image=elsewhere.pk), given("yes", structure=foreign.pk)):
        with pytest.raises(Rejected, match="no such"):
            record_answers(by=alice, dataset=image.dataset, answers=[answer])
    assert not Label.objects.exists()


def test_answers_about_another_grid_are_refused(image: Image, alice: User, given: Make) -> None:
    with pytest.raises(Rejected, match="cut anew") as refusal:
        record_answers(by=alice, dataset=image.dataset, answers=[given()], grid=GridNamed(64, 0))
    assert refusal.value.conflict
    record_answers(by=alice, dataset=image.dataset, answers=[given()], grid=GridNamed(32, 0))
    assert Label.objects.count() == 1
