"""Many people, many patches: nobody gets what another has, and no more queries are asked."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.models import Dataset, Lease, Structure, User
from annotations.models.label import Answer
from annotations.services.handing_out import Cell, give_back
from annotations.services.holding import hold_handing_out
from annotations.services.patch_choice import Order
from tests.annotations.services.handing_out.asking import ask, images_of, plan, score
from tests.factories import make_image, make_label, make_member

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_people_who_ask_at_once_get_different_patches(
    dataset: Dataset, structure: Structure
) -> None:
    people = [make_member(project=dataset.project).user for _ in range(6)]
    handed: list[Cell] = []
    barrier = threading.Barrier(len(people))

    def work(person: User) -> None:
        try:
            barrier.wait(10)
            for _ in range(3):
                handed.extend(ask(person, structure, 2))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(handed) == len(set(handed)) == 36


@pytest.mark.django_db(transaction=True)
def test_what_is_being_lent_to_a_page_that_is_left_goes_back(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    """The page hears of it no more."""
    lent, left = threading.Event(), threading.Event()

    def lend() -> None:
        try:
            with transaction.atomic():
                hold_handing_out(structure=structure.pk)
                Lease.objects.create(
                    image=images_of(dataset)[0],
                    structure=structure,
                    row=0,
                    column=0,
                    annotator=alice,
                    page="left",
                    expires_at=timezone.now() + timedelta(minutes=15),
                )
                lent.set()
                # Until the other one waits, or has gone past.
                left.wait(1)
        finally:
            connection.close()

    thread = threading.Thread(target=lend)
    thread.start()
    assert lent.wait(10)
    released = give_back(by=alice, dataset=dataset, structure=structure, page="left")
    left.set()
    thread.join(30)
    assert (released, Lease.objects.count()) == (1, 0)


def test_more_patches_and_answers_take_no_more_queries(
    dataset: Dataset, structure: Structure, alice: User, bob: User
) -> None:
    plan(dataset, answers_wanted=2, shared_fraction=0.5, repeat_fraction=0.2, adaptive=True)
    score(dataset, structure)
    counts = []
    for number in range(2):
        ask(alice, structure, 2, order=Order.UNCERTAIN)
        with CaptureQueriesContext(connection) as asked:
            ask(bob, structure, 5 + 20 * number, order=Order.UNCERTAIN)
        counts.append(len(asked))
        for _ in range(4):
            image = make_image(dataset=dataset, height=32 * 10, width=32 * 10)
            for column in range(10):
                make_label(
                    image=image,
                    structure=structure,
                    annotator=alice,
                    column=column,
                    value=Answer.NO,
                )
        ask(alice, structure, 0)
    assert counts[0] == counts[1]
    assert counts[0] <= 18
