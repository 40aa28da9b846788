"""What an answer ends, and what stands beside it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from annotations.models import Image, Lease, Remark, Repeat, Structure, User
from annotations.services.answers.batches import record_answers
from tests.annotations.services.answers.telling import Make, manager_of, values

pytestmark = pytest.mark.django_db


def _lease(image: Image, structure: Structure, user: User, **fields: Any) -> Lease:
    end = timezone.now() + timedelta(minutes=5)
    place: dict[str, Any] = {"row": 0, "column": 0, "expires_at": end}
    return Lease.objects.create(
        image=image, structure=structure, annotator=user, **(place | fields)
    )


def test_an_answer_ends_its_lease_and_no_others(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    mine = _lease(image, structure, alice)
    others = {
        _lease(image, structure, alice, column=1),
        _lease(image, structure, manager_of(image)),
    }
    record_answers(by=alice, dataset=image.dataset, answers=[given()])
    assert set(Lease.objects.all()) == others
    assert not Lease.objects.filter(pk=mine.pk).exists()


def test_what_is_said_the_second_time_stands_beside_the_first(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    event = uuid4()
    # Changing one's mind at once is about the second answer as well; so is sending it again.
    for value, own in (("unsure", uuid4()), ("no", event), ("no", event)):
        answer = given(value, event=own, handed=True)
        told = record_answers(by=alice, dataset=image.dataset, answers=[answer])
        assert told.changed == 0
    assert values() == {(0, 0): "yes"}
    repeat = Repeat.objects.get()
    assert (repeat.first, repeat.second) == ("yes", "no")
    record_answers(by=alice, dataset=image.dataset, answers=[given("", handed=True)])
    assert not Repeat.objects.exists()
    assert values() == {(0, 0): "yes"}


def test_a_second_answer_is_taken_back_also_after_the_patch_was_given_back(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    record_answers(by=alice, dataset=image.dataset, answers=[given("no", handed=True)])
    Lease.objects.all().delete()
    taken_back = given("", handed=True)
    record_answers(by=alice, dataset=image.dataset, answers=[taken_back])
    assert not Repeat.objects.exists()
    assert values() == {(0, 0): "yes"}
    # Undo once more is about the first answer.
    record_answers(by=alice, dataset=image.dataset, answers=[given("", handed=True)])
    assert values() == {}


def test_a_second_answer_is_changed_also_after_the_patch_was_given_back(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    record_answers(by=alice, dataset=image.dataset, answers=[given("no", handed=True)])
    Lease.objects.all().delete()
    record_answers(by=alice, dataset=image.dataset, answers=[given("unsure", handed=True)])
    repeat = Repeat.objects.get()
    assert (repeat.first, repeat.second) == ("yes", "unsure")
    assert values() == {(0, 0): "yes"}
    # Where nothing stands that it could be compared with, it is the first answer again.
    record_answers(by=alice, dataset=image.dataset, answers=[given("")])
    record_answers(by=alice, dataset=image.dataset, answers=[given("no", handed=True)])
    assert values() == {(0, 0): "no"}


def test_of_two_second_answers_the_later_one_stands_whatever_arrives_first(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    later = timezone.now()
    for value, seconds in (("no", 0), ("unsure", 5), ("", 5)):
        at = later - timedelta(seconds=seconds)
        answer = given(value, at=at, handed=True)
        told = record_answers(by=alice, dataset=image.dataset, answers=[answer])
        assert told.superseded == (seconds > 0)
    assert Repeat.objects.get().second == "no"


def test_who_does_not_say_what_it_is_about_takes_the_first_answer_back(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    for value in ("no", "unsure"):
        record_answers(by=alice, dataset=image.dataset, answers=[given(value, handed=None)])
        assert values() == {(0, 0): "yes"}
    Lease.objects.all().delete()
    record_answers(by=alice, dataset=image.dataset, answers=[given("", handed=None)])
    assert values() == {}


def test_a_correction_from_elsewhere_stands_while_the_patch_is_handed_out_again(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    record_answers(by=alice, dataset=image.dataset, answers=[given("no")])
    assert (values(), Repeat.objects.count()) == ({(0, 0): "no"}, 0)
    # What is asked in the queue is still the second answer, now to the corrected one.
    both = [given("unsure", handed=True), given("yes")]
    record_answers(by=alice, dataset=image.dataset, answers=both)
    repeat = Repeat.objects.get()
    assert (repeat.first, repeat.second) == ("no", "unsure")
    assert values() == {(0, 0): "yes"}


def test_where_the_first_answer_was_taken_back_the_next_one_is_the_first(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    record_answers(by=alice, dataset=image.dataset, answers=[given("")])
    for value in ("no", "unsure"):
        record_answers(by=alice, dataset=image.dataset, answers=[given(value, handed=True)])
        assert values() == {(0, 0): value}
    assert not Repeat.objects.exists()


def test_an_answer_does_what_a_remark_asked_for(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    fields: dict[str, Any] = {"image": image, "structure": structure, "row": 0, "column": 0}
    manager = manager_of(image)
    to_alice = Remark.objects.create(by=manager, sent_to=alice, **fields)
    to_other = Remark.objects.create(by=manager, sent_to=manager, **fields)
    record_answers(by=alice, dataset=image.dataset, answers=[given("no")])
    for remark, done in ((to_alice, True), (to_other, False)):
        remark.refresh_from_db()
        assert (remark.done_at is not None) == done
