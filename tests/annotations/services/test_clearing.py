"""Empty patches of many images: answered with no or left out at one wish, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from annotations.models import Image, Label, LabelChange, LeftOut, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.answers.labels import label_patches
from annotations.services.clearing import Cleared, clear_empties, take_back
from annotations.services.empty import find_empty
from annotations.services.empty_overview import empties_overview
from tests.factories import make_dataset, make_image, make_label, make_member, make_structure

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def images() -> list[Image]:
    """Two images of 64 patches with a disc in the middle; nobody has looked in a third."""
    dataset = make_dataset(patch_size=32)
    made = [
        make_image(dataset=dataset, name=f"{name}.tif", height=256, width=256, store=True)
        for name in "abc"
    ]
    for image in made[:2]:
        find_empty(image=image)
    return made


@pytest.fixture
def rings(images: list[Image]) -> Structure:
    return make_structure(project=images[0].dataset.project, name="Rings")


@pytest.fixture
def alice(images: list[Image]) -> User:
    return images[0].dataset.created_by


def _clear(images: list[Image], by: User, structure: Structure | None) -> Cleared:
    keys = [image.pk for image in images]
    return clear_empties(by=by, dataset=images[0].dataset, structure=structure, images=keys, at=AT)


def _back(images: list[Image], by: User, structure: Structure | None) -> Cleared:
    keys = [image.pk for image in images]
    return take_back(by=by, dataset=images[0].dataset, structure=structure, images=keys, at=AT)


def _empty(image: Image) -> set[tuple[int, ...]]:
    found = find_empty(image=image)
    return {tuple(map(int, cell)) for cell in zip(*found.nonzero(), strict=True)}


def test_what_is_empty_and_unanswered_is_answered_once(
    images: list[Image], rings: Structure, alice: User
) -> None:
    first = images[0]
    cell = min(_empty(first))
    make_label(
        image=first, structure=rings, annotator=alice, row=cell[0], column=cell[1], value=Answer.YES
    )
    wanted = sum(len(_empty(image)) for image in images[:2]) - 1
    for _ in range(2):
        assert _clear(images, alice, rings) == Cleared(images=2, patches=wanted)
    assert Label.objects.filter(value=Answer.NO).count() == wanted
    assert LabelChange.objects.count() == wanted
    assert Label.objects.get(value=Answer.YES).row == cell[0]
    # Nobody has looked in the third.
    assert not Label.objects.filter(image=images[2]).exists()


def test_undo_takes_back_all_but_what_was_said_since(
    images: list[Image], rings: Structure, alice: User
) -> None:
    _clear(images, alice, rings)
    cell = min(_empty(images[0]))
    (row, column) = cell
    label_patches(
        by=alice, image=images[0], structure=rings, cells=[(row, column)], value=Answer.YES
    )
    before = Label.objects.count()
    for done in (before - 1, 0):
        assert _back(images, alice, rings).patches == done
        assert [*Label.objects.values_list("row", "column", "value")] == [(row, column, "yes")]


def test_patches_are_left_out_and_asked_about_again(
    images: list[Image], rings: Structure, alice: User
) -> None:
    bob = make_member(project=images[0].dataset.project, role=Role.ANNOTATOR).user
    first, second = sorted(_empty(images[0]))[:2]
    make_label(image=images[0], structure=rings, annotator=bob, row=first[0], column=first[1])
    before = timezone.now() - timedelta(days=1)
    LeftOut.objects.create(image=images[0], row=second[0], column=second[1], by=bob, at=before)
    done = _clear(images, alice, None)
    assert done == Cleared(2, sum(len(_empty(image)) for image in images[:2]) - 2)
    assert not LeftOut.objects.filter(image=images[0], row=first[0], column=first[1]).exists()
    _back(images, alice, None)
    assert [(one.row, one.column) for one in LeftOut.objects.all()] == [second]


def test_a_page_says_what_was_found_and_what_is_open(
    images: list[Image], rings: Structure, alice: User
) -> None:
    _clear(images[:1], alice, rings)
    found = empties_overview(
        by=alice, dataset=images[0].dataset, structure=rings, offset=0, limit=10
    )
    here = [len(_empty(image)) for image in images[:2]]
    assert [(one.image.name, one.empty, one.open) for one in found.images] == [
        ("a.tif", here[0], 0),
        ("b.tif", here[1], here[1]),
        ("c.tif", None, None),
    ]
    assert (found.found, found.looked) == (3, 2)


def test_viewers_change_nothing(images: list[Image], rings: Structure) -> None:
    viewer = make_member(project=images[0].dataset.project, role=Role.VIEWER).user
    for work in (_clear, _back):
        with pytest.raises(PermissionDenied):
            work(images, viewer, rings)
