"""What arrives twice, late or in any order."""

from uuid import uuid4

import pytest

from annotations.models import Image, Label, LabelChange, Structure, User
from annotations.services.answers.batches import record_answers
from tests.annotations.services.answers.telling import Make, minutes_ago, values
from tests.factories import make_image, make_structure

pytestmark = pytest.mark.django_db


def test_answers_about_several_images_and_structures_are_kept_with_all_that_is_told(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    other = make_image(dataset=image.dataset)
    fibres = make_structure(project=image.dataset.project)
    at, event = minutes_ago(3), uuid4()
    answers = [
        given("yes", at=at, event=event, took_ms=800, suggested=True),
        given("no", image=other.pk, structure=fibres.pk, row=1),
    ]
    assert record_answers(by=alice, dataset=image.dataset, answers=answers).changed == 2
    first = LabelChange.objects.get(event=event)
    assert (first.at, first.took_ms, first.suggested, first.applied) == (at, 800, True, True)
    assert (first.patch_size, first.overlap) == (32, 0)
    label = Label.objects.get(image=image)
    assert (label.value, label.updated_at) == ("yes", at)
    assert Label.objects.get(image=other).structure == fibres


def test_what_arrives_twice_counts_once(image: Image, alice: User, given: Make) -> None:
    answers = [given("yes", event=uuid4()), given("no", event=uuid4(), column=1)]
    for changed in (2, 0):
        assert record_answers(by=alice, dataset=image.dataset, answers=answers).changed == changed
    assert LabelChange.objects.count() == 2


def test_an_old_answer_that_arrives_again_does_not_undo_a_later_one(
    image: Image, alice: User, given: Make
) -> None:
    old = given("yes", event=uuid4())
    for answers in ([old], [given("no", event=uuid4())], [old]):
        record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert values() == {(0, 0): "no"}


def test_the_same_event_twice_in_one_batch_counts_once(
    image: Image, alice: User, given: Make
) -> None:
    event = uuid4()
    answers = [given("yes", event=event), given("yes", event=event)]
    assert record_answers(by=alice, dataset=image.dataset, answers=answers).changed == 1


def test_of_two_devices_the_later_answer_stands_whatever_arrives_first(
    image: Image, alice: User, given: Make
) -> None:
    later, earlier = given("no", at=minutes_ago(1)), given("yes", at=minutes_ago(5))
    record_answers(by=alice, dataset=image.dataset, answers=[later])
    told = record_answers(by=alice, dataset=image.dataset, answers=[earlier])
    assert (told.changed, told.superseded) == (0, 1)
    assert values() == {(0, 0): "no"}
    history = LabelChange.objects.values_list("new", "applied")
    assert set(history) == {("no", True), ("yes", False)}


def test_an_answer_older_than_its_taking_back_is_history(
    image: Image, alice: User, given: Make
) -> None:
    batches = (given("yes", at=minutes_ago(9)), given("", at=minutes_ago(2)))
    for one in (*batches, given("no", at=minutes_ago(5))):
        record_answers(by=alice, dataset=image.dataset, answers=[one])
    assert values() == {}
    assert LabelChange.objects.filter(applied=False).get().new == "no"


def test_the_same_answer_again_moves_its_time(image: Image, alice: User, given: Make) -> None:
    for minutes, value in ((9, "yes"), (2, "yes"), (5, "no")):
        answers = [given(value, at=minutes_ago(minutes))]
        record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert values() == {(0, 0): "yes"}


def test_a_batch_is_taken_in_the_order_of_its_times(image: Image, alice: User, given: Make) -> None:
    answers = [given("no", at=minutes_ago(1)), given("yes", at=minutes_ago(2))]
    record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert list(LabelChange.objects.values_list("old", "new")) == [("", "yes"), ("yes", "no")]
