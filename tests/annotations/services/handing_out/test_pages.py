"""One person works on several pages at once, and each of them has patches of its own."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import pytest

from annotations.models import Dataset, Lease, Structure, User
from annotations.services.handing_out import Cell, Handed, give_back, hand_out
from tests.annotations.services.handing_out.asking import answer, ask

pytestmark = pytest.mark.django_db


class Ask(Protocol):
    def __call__(self, *, page: str | None, count: int, keep: Sequence[Cell] | None) -> Handed: ...


@pytest.fixture
def asks(dataset: Dataset, structure: Structure, alice: User) -> Ask:
    return partial(hand_out, by=alice, dataset=dataset, structure=structure)


def _cells(handed: Handed) -> list[Cell]:
    return [cell for cell, _ in handed.patches]


def _on(page: str) -> set[Cell]:
    return set(Lease.objects.filter(page=page).values_list("image", "row", "column"))


def test_what_one_page_goes_on_with_says_nothing_of_another(
    structure: Structure, bob: User, asks: Ask
) -> None:
    first = _cells(asks(page="a", count=10, keep=[]))
    second = _cells(asks(page="b", count=10, keep=[]))
    asks(page="a", count=0, keep=first[:6])
    assert (_on("a"), _on("b")) == (set(first[:6]), set(second))
    assert set(ask(bob, structure, 40)).isdisjoint([*first[:6], *second])


def test_a_page_that_is_left_gives_back_its_own(
    dataset: Dataset, structure: Structure, alice: User, asks: Ask
) -> None:
    asks(page="a", count=10, keep=[])
    kept = _cells(asks(page="b", count=10, keep=[]))
    assert give_back(by=alice, dataset=dataset, structure=structure, page="a") == 10
    assert _on("b") == set(kept)


def test_what_is_on_another_page_comes_when_nothing_else_is_left(asks: Ask) -> None:
    """The browser may have been killed, and nobody would be asked about them for a while."""
    first = _cells(asks(page="a", count=30, keep=[]))
    handed = asks(page="b", count=20, keep=[])
    assert set(_cells(handed)[:10]).isdisjoint(first)
    assert _cells(handed)[10:] == first[:10]
    assert handed.left == 20
    assert _on("b") == set(_cells(handed))
    assert _on("a") == set(first[10:])


def test_two_pages_do_not_hand_the_last_patches_to_and_fro(asks: Ask) -> None:
    first = _cells(asks(page="a", count=40, keep=[]))
    second = _cells(asks(page="b", count=40, keep=[]))
    assert second == first
    back = asks(page="a", count=40, keep=first)
    assert (back.patches, back.kept, back.left, back.held) == ([], first, 0, 0)
    assert _on("a") == set(first)
    assert asks(page="b", count=40, keep=second).patches == []


def test_what_was_answered_on_another_page_does_not_come_again(
    structure: Structure, alice: User, asks: Ask
) -> None:
    first = _cells(asks(page="a", count=40, keep=[]))
    answer(alice, structure, first[:35])
    assert _cells(asks(page="b", count=40, keep=[])) == first[35:]


def test_beyond_a_share_there_is_only_what_another_page_has(
    dataset: Dataset, structure: Structure, alice: User, asks: Ask
) -> None:
    dataset.assignments.create(structure=structure, annotator=alice, share=0.25)
    first = _cells(asks(page="a", count=40, keep=[]))
    assert len(first) == 10
    handed = asks(page="b", count=40, keep=[])
    assert (_cells(handed), handed.share_done) == (first, True)


def test_who_names_no_page_goes_on_with_all(
    dataset: Dataset, structure: Structure, alice: User, asks: Ask
) -> None:
    first = _cells(asks(page="a", count=10, keep=None))
    second = _cells(asks(page="b", count=10, keep=None))
    handed = asks(page=None, count=5, keep=[first[0], second[0]])
    assert handed.kept == [first[0], second[0]]
    assert (_on("a"), _on("b"), len(_on(""))) == ({first[0]}, {second[0]}, 5)
    assert give_back(by=alice, dataset=dataset, structure=structure) == 7
