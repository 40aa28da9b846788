"""Several people and devices at once, and many answers."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from annotations.errors import Rejected
from annotations.models import (
    Dataset,
    Image,
    Label,
    LabelChange,
    Structure,
    User,
)
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given
from annotations.services.structures import delete_structure
from tests.annotations.services.answers.telling import Make, manager_of
from tests.factories import make_image, make_member

pytestmark = pytest.mark.django_db


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


def _queries(by: User, dataset: Dataset, answers: list[Given]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        record_answers(by=by, dataset=dataset, answers=answers)
    return len(asked)


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
            delete_structure(by=manager_of(image), structure=structure)
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

    def asked(start: int, size: int) -> int:
        answers = [
            given("yes", image=wide.pk, row=row, column=column, event=uuid4())
            for row in range(start, start + size)
            for column in range(size)
        ]
        return _queries(alice, image.dataset, answers)

    few = asked(0, 2)
    assert few == asked(2, 38)
    assert few <= 13
    # What is said a second time is looked up by other means, but by no more of them either.
    assert asked(0, 2) == asked(2, 38)
