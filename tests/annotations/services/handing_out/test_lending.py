"""To whom a patch is lent, for how long, and who is told what of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import Dataset, Lease, Role, Structure, User
from annotations.services.datasets import delete_dataset
from annotations.services.handing_out import give_back, hand_out
from annotations.services.structures import delete_structure
from tests.annotations.services.handing_out.asking import FRESH_FOR, answer, ask, images_of
from tests.factories import make_image, make_member

pytestmark = pytest.mark.django_db


def test_patches_come_in_the_order_of_the_images(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    first, second = images_of(dataset)
    expected = [(first.pk, row, column) for row in range(4) for column in range(5)]
    expected += [(second.pk, 0, column) for column in range(3)]
    assert ask(alice, structure, 23) == expected


def test_nobody_gets_what_another_has(structure: Structure, alice: User, bob: User) -> None:
    handed = [ask(person, structure, 15) for person in (alice, bob, alice, bob)]
    cells = [cell for cells in handed for cell in cells]
    assert [len(cells) for cells in handed] == [15, 15, 10, 0]
    assert len(set(cells)) == 40


def test_what_is_answered_is_not_handed_out_again(
    structure: Structure, alice: User, bob: User
) -> None:
    mine = ask(alice, structure, 30)
    answer(alice, structure, mine)
    assert not Lease.objects.exists()
    assert set(ask(bob, structure, 40)).isdisjoint(mine)


def test_what_was_answered_a_moment_ago_is_not_handed_out_either(
    dataset: Dataset,
    structure: Structure,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process that hands out does not know of it yet, but asks the rows."""
    monkeypatch.setattr(FRESH_FOR, 1000.0)
    ask(bob, structure, 0)
    cells = [(images_of(dataset)[0].pk, row, column) for row in range(4) for column in range(5)]
    answer(alice, structure, cells)
    assert len(ask(bob, structure, 40)) == 20


def test_an_answer_that_is_taken_back_is_asked_again(
    structure: Structure, alice: User, bob: User
) -> None:
    mine = ask(alice, structure, 40)
    answer(alice, structure, mine)
    assert ask(bob, structure) == []
    answer(alice, structure, mine[:3], "")
    assert ask(bob, structure) == mine[:3]


def test_a_lease_ends_when_its_time_is_up(structure: Structure, alice: User, bob: User) -> None:
    mine = ask(alice, structure, 40)
    assert ask(bob, structure) == []
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(bob, structure, 40) == mine
    # Alice answers late: what she says counts all the same.
    answer(alice, structure, mine[:1])


def test_what_is_kept_stays_and_what_is_not_goes_back(
    structure: Structure, alice: User, bob: User
) -> None:
    mine = ask(alice, structure, 10)
    Lease.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    dataset = Dataset.objects.get()
    gone = (mine[0][0], 3, 4)
    handed = hand_out(
        by=alice, dataset=dataset, structure=structure, count=0, keep=[*mine[:4], gone]
    )
    assert handed.kept == mine[:4]
    assert Lease.objects.filter(expires_at__gt=timezone.now() + timedelta(minutes=5)).count() == 4
    assert ask(bob, structure, 2) == mine[4:6]


def test_patches_are_given_back(structure: Structure, alice: User, bob: User) -> None:
    mine = ask(alice, structure, 10)
    dataset = Dataset.objects.get()
    some: dict[str, Any] = {"by": alice, "dataset": dataset, "structure": structure}
    assert give_back(**some, patches=mine[:3]) == 3
    assert give_back(**some, patches=mine[:3]) == 0
    assert ask(bob, structure, 3) == mine[:3]
    assert give_back(**some) == 7


def test_a_new_image_is_handed_out_too(dataset: Dataset, structure: Structure, alice: User) -> None:
    answer(alice, structure, ask(alice, structure, 40))
    make_image(dataset=dataset, height=32, width=64)
    assert len(ask(alice, structure, 40)) == 2


def test_patches_of_another_grid_come_when_it_changes(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    assert len(ask(alice, structure, 0)) == 0
    Dataset.objects.update(patch_size=64)
    assert len(ask(alice, structure, 40)) == 2 * 2 * 3


def test_who_gets_nothing_is_told_what_others_have_and_until_when(
    dataset: Dataset, structure: Structure, bob: User
) -> None:
    carol = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    first = hand_out(by=bob, dataset=dataset, structure=structure, count=30)
    assert (first.held, first.held_until) == (0, None)
    second = hand_out(by=carol, dataset=dataset, structure=structure, count=20)
    assert (len(second.patches), second.left, second.held) == (10, 0, 30)
    assert second.held_until == first.expires_at
    assert not second.share_done


def test_only_those_who_may_answer_get_patches(dataset: Dataset, structure: Structure) -> None:
    viewer = make_member(project=dataset.project, role=Role.VIEWER).user
    with pytest.raises(PermissionDenied):
        ask(viewer, structure)


@pytest.mark.parametrize("count", [-1, 401])
def test_too_many_at_once_are_refused(structure: Structure, alice: User, count: int) -> None:
    with pytest.raises(Rejected, match="at most 400"):
        ask(alice, structure, count)


def test_nothing_of_a_structure_that_was_deleted_meanwhile_is_handed_out(
    dataset: Dataset, structure: Structure, alice: User
) -> None:
    """Deleting takes seconds where a million answers go with it, and those who ask wait for it."""
    manager = dataset.created_by
    delete_structure(by=manager, structure=Structure.objects.get())
    with pytest.raises(Rejected, match="has been deleted"):
        hand_out(by=alice, dataset=dataset, structure=structure, count=5)
    delete_dataset(by=manager, dataset=Dataset.objects.get())
    with pytest.raises(Rejected, match="has been deleted"):
        hand_out(by=alice, dataset=dataset, structure=structure, count=5)
