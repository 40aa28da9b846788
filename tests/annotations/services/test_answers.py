"""Answers in batches: twice, out of order, from two devices, wrong ones, and beside a change."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import (
    Dataset,
    Image,
    Label,
    LabelChange,
    Lease,
    Remark,
    Repeat,
    Role,
    Structure,
    User,
)
from annotations.services.answers import record_answers
from annotations.services.given import Given, GridNamed
from annotations.services.structures import delete_structure
from tests.factories import make_dataset, make_image, make_member, make_structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> Image:
    """2 rows and 3 columns of patches."""
    return make_image(dataset=make_dataset(patch_size=32), height=64, width=96)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project)


@pytest.fixture
def alice(image: Image) -> User:
    return make_member(project=image.dataset.project, role=Role.ANNOTATOR).user


@pytest.fixture
def given(image: Image, structure: Structure) -> Callable[..., Given]:
    """An answer about the first patch, or what differs from that."""

    def make(value: str = "yes", **fields: Any) -> Given:
        where: dict[str, Any] = {"image": image.pk, "structure": structure.pk}
        return Given(**(where | {"row": 0, "column": 0, "value": value} | fields))

    return make


def _minutes_ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def _values() -> dict[tuple[int, int], str]:
    rows = Label.objects.values_list("row", "column", "value")
    return {(row, column): value for row, column, value in rows}


Make = Callable[..., Given]


def test_answers_about_several_images_and_structures_are_kept_with_all_that_is_told(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    other = make_image(dataset=image.dataset)
    fibres = make_structure(project=image.dataset.project)
    at, event = _minutes_ago(3), uuid4()
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
    assert _values() == {(0, 0): "no"}


def test_the_same_event_twice_in_one_batch_counts_once(
    image: Image, alice: User, given: Make
) -> None:
    event = uuid4()
    answers = [given("yes", event=event), given("yes", event=event)]
    assert record_answers(by=alice, dataset=image.dataset, answers=answers).changed == 1


def test_of_two_devices_the_later_answer_stands_whatever_arrives_first(
    image: Image, alice: User, given: Make
) -> None:
    later, earlier = given("no", at=_minutes_ago(1)), given("yes", at=_minutes_ago(5))
    record_answers(by=alice, dataset=image.dataset, answers=[later])
    told = record_answers(by=alice, dataset=image.dataset, answers=[earlier])
    assert (told.changed, told.superseded) == (0, 1)
    assert _values() == {(0, 0): "no"}
    history = LabelChange.objects.values_list("new", "applied")
    assert set(history) == {("no", True), ("yes", False)}


def test_an_answer_older_than_its_taking_back_is_history(
    image: Image, alice: User, given: Make
) -> None:
    batches = (given("yes", at=_minutes_ago(9)), given("", at=_minutes_ago(2)))
    for one in (*batches, given("no", at=_minutes_ago(5))):
        record_answers(by=alice, dataset=image.dataset, answers=[one])
    assert _values() == {}
    assert LabelChange.objects.filter(applied=False).get().new == "no"


def test_the_same_answer_again_moves_its_time(image: Image, alice: User, given: Make) -> None:
    for minutes, value in ((9, "yes"), (2, "yes"), (5, "no")):
        answers = [given(value, at=_minutes_ago(minutes))]
        record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert _values() == {(0, 0): "yes"}


def test_a_batch_is_taken_in_the_order_of_its_times(image: Image, alice: User, given: Make) -> None:
    answers = [given("no", at=_minutes_ago(1)), given("yes", at=_minutes_ago(2))]
    record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert list(LabelChange.objects.values_list("old", "new")) == [("", "yes"), ("yes", "no")]


def test_a_time_to_come_is_now(image: Image, alice: User, given: Make) -> None:
    start = timezone.now()
    answers = [given("yes", at=start + timedelta(days=400))]
    record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert start <= Label.objects.get().updated_at <= timezone.now()


def test_a_clock_that_is_wrong_is_put_right(image: Image, alice: User, given: Make) -> None:
    """A tablet an hour behind answers after a computer whose clock is right."""
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes", at=_minutes_ago(5))])
    tablet = timezone.now() - timedelta(hours=1)
    answers = [given("no", at=tablet - timedelta(minutes=1))]
    record_answers(by=alice, dataset=image.dataset, answers=answers, clock=tablet)
    assert _values() == {(0, 0): "no"}


def test_an_answer_of_years_ago_is_taken(image: Image, alice: User, given: Make) -> None:
    answers = [given("yes", at=_minutes_ago(60 * 24 * 3000))]
    assert record_answers(by=alice, dataset=image.dataset, answers=answers).changed == 1


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
    others = {_lease(image, structure, alice, column=1), _lease(image, structure, _manager(image))}
    record_answers(by=alice, dataset=image.dataset, answers=[given()])
    assert set(Lease.objects.all()) == others
    assert not Lease.objects.filter(pk=mine.pk).exists()


def _manager(image: Image) -> User:
    return image.dataset.created_by


def test_what_is_said_the_second_time_stands_beside_the_first(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes")])
    _lease(image, structure, alice, is_repeat=True)
    event = uuid4()
    # Changing one's mind at once is about the second answer as well; so is sending it again.
    for value, own in (("unsure", uuid4()), ("no", event), ("no", event)):
        told = record_answers(by=alice, dataset=image.dataset, answers=[given(value, event=own)])
        assert told.changed == 0
    assert _values() == {(0, 0): "yes"}
    repeat = Repeat.objects.get()
    assert (repeat.first, repeat.second) == ("yes", "no")
    record_answers(by=alice, dataset=image.dataset, answers=[given("")])
    assert not Repeat.objects.exists()
    assert _values() == {(0, 0): "yes"}


def test_an_answer_does_what_a_remark_asked_for(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    fields: dict[str, Any] = {"image": image, "structure": structure, "row": 0, "column": 0}
    manager = _manager(image)
    to_alice = Remark.objects.create(by=manager, sent_to=alice, **fields)
    to_other = Remark.objects.create(by=manager, sent_to=manager, **fields)
    record_answers(by=alice, dataset=image.dataset, answers=[given("no")])
    for remark, done in ((to_alice, True), (to_other, False)):
        remark.refresh_from_db()
        assert (remark.done_at is not None) == done


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_send_the_same_at_once_are_heard_once(
    image: Image, alice: User, given: Make
) -> None:
    answers = [given("yes", event=uuid4(), column=column) for column in range(3)]
    changed = _at_once(
        lambda: record_answers(by=alice, dataset=image.dataset, answers=answers).changed, times=4
    )
    assert sorted(changed) == [0, 0, 0, 3]
    assert LabelChange.objects.count() == 3


def _at_once(act: Callable[[], int], *, times: int) -> list[int]:
    results: list[int] = []
    barrier = threading.Barrier(times)

    def run() -> None:
        try:
            barrier.wait(10)
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_people_do_not_wait_for_each_other(image: Image, alice: User, given: Make) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    bob = make_member(project=image.dataset.project).user
    with transaction.atomic():
        record_answers(by=alice, dataset=image.dataset, answers=[given()])
        # While Alice's answer is not finished yet.
        assert _at_once(
            lambda: record_answers(by=bob, dataset=image.dataset, answers=[given()]).changed,
            times=1,
        ) == [1]


@pytest.mark.django_db(transaction=True)
def test_a_structure_is_deleted_after_the_answers_about_it_that_have_begun(
    image: Image, structure: Structure, alice: User, given: Make
) -> None:
    def delete() -> None:
        try:
            delete_structure(by=_manager(image), structure=structure)
        finally:
            connection.close()

    thread = threading.Thread(target=delete)
    with transaction.atomic():
        record_answers(by=alice, dataset=image.dataset, answers=[given()])
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(10)
    assert not Structure.objects.filter(pk=structure.pk).exists()
    assert not Label.objects.exists()
    with pytest.raises(Rejected, match="no such structure"):
        record_answers(by=alice, dataset=image.dataset, answers=[given()])


def test_more_answers_take_no_more_queries(image: Image, alice: User, given: Make) -> None:
    wide = make_image(dataset=image.dataset, height=32 * 40, width=32 * 40)
    counts = []
    for size in (2, 40):
        answers = [
            given("yes", image=wide.pk, row=row, column=column, event=uuid4())
            for row in range(size)
            for column in range(size)
        ]
        counts.append(_queries(alice, image.dataset, answers))
    assert counts[0] == counts[1]
    assert counts[0] <= 13


def _queries(by: User, dataset: Dataset, answers: list[Given]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        record_answers(by=by, dataset=dataset, answers=answers)
    return len(asked)
