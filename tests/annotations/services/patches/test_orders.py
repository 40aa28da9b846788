"""In which order patches are shown, page by page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.errors import Rejected
from annotations.models import Dataset, Structure, User
from annotations.models.label import Answer
from annotations.services.patches.listing import list_patches
from annotations.services.patches.query import PatchQuery
from annotations.services.sheets import Place
from tests.annotations.services.patches.listing import cells, listed, score
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
)

pytestmark = pytest.mark.django_db


def test_images_come_by_name_and_patches_row_by_row(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    first, second = dataset.images.order_by("name")
    grid = [(row, column) for row in range(2) for column in range(3)]
    expected = [Place(image.pk, *cell) for image in (first, second) for cell in grid]
    assert cells(listed(bob, rings, dataset)) == expected


def test_every_order_shows_every_patch_once(dataset: Dataset, rings: Structure, bob: User) -> None:
    score(dataset, rings, "a.tif", [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])
    everything = set(cells(listed(bob, rings, dataset)))
    for order in ("random", "uncertain", "certain"):
        shown = cells(listed(bob, rings, dataset, order=order, seed=3))
        assert len(shown) == 12
        assert set(shown) == everything


def test_the_lot_is_the_same_for_the_same_seed_and_another_for_another(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    once = listed(bob, rings, dataset, order="random", seed=1)
    assert once == listed(bob, rings, dataset, order="random", seed=1, limit=7)
    assert once != listed(bob, rings, dataset, order="random", seed=2)


def test_an_image_that_comes_while_people_work_moves_no_patch(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    before = cells(listed(bob, rings, dataset, order="random"))
    new = make_image(dataset=dataset, name="0.tif", height=64, width=96)
    after = cells(listed(bob, rings, dataset, order="random"))
    assert [place for place in after if place.image != new.pk] == before


def test_a_page_goes_on_behind_the_last_patch_though_others_were_answered_meanwhile(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    query = PatchQuery(structure=rings, state="unanswered", limit=4)
    page = list_patches(by=bob, dataset=dataset, query=query)
    first = dataset.images.get(name="a.tif")
    for column in range(3):
        make_label(image=first, structure=rings, annotator=bob, column=column)
    assert page["next"] is not None
    rest = listed(bob, rings, dataset, state="unanswered", limit=99)
    query = PatchQuery(structure=rings, state="unanswered", cursor=page["next"], limit=99)
    following = list_patches(by=bob, dataset=dataset, query=query)
    assert cells(following["patches"]) == cells(rest)[1:]
    assert following["total"] == 9


def test_the_least_and_the_most_certain_come_first(dataset: Dataset, rings: Structure) -> None:
    score(dataset, rings, "a.tif", [0.05, 0.45, 0.9, 0.6, 0.2, 0.99])
    alice = dataset.project.created_by
    least = [one["score"] for one in listed(alice, rings, dataset, order="uncertain")]
    assert least[:6] == pytest.approx([0.45, 0.6, 0.2, 0.9, 0.05, 0.99], abs=1e-3)
    assert least[6:] == [None] * 6
    most = [one["score"] for one in listed(alice, rings, dataset, order="certain")]
    assert most[:6] == least[5::-1]


def test_answers_that_the_model_contradicts_come_first(dataset: Dataset, rings: Structure) -> None:
    alice = dataset.project.created_by
    score(dataset, rings, "a.tif", [0.9, 0.9, 0.1, 0.2, 0.5, 0.5])
    image = dataset.images.get(name="a.tif")
    for column, value in enumerate((Answer.YES, Answer.NO, Answer.YES)):
        make_label(image=image, structure=rings, annotator=alice, column=column, value=value)
    make_label(image=image, structure=rings, annotator=alice, row=1, value=Answer.NO)
    shown = listed(alice, rings, dataset, order="contradiction")
    assert {one["column"] for one in shown[:2]} == {1, 2}
    assert [one["value"] for one in shown[2:]] == ["no", "yes"]


def test_patches_that_look_alike_come_first(rings: Structure, data_root: object) -> None:
    dataset = make_dataset(project=rings.project, patch_size=32)
    for _ in range(2):
        make_image(dataset=dataset, height=128, width=128, store=True)
    one, other = dataset.images.all()
    alice = dataset.project.created_by
    shown = cells(listed(alice, rings, dataset, order="similar", like=Place(one.pk, 1, 1)))
    assert shown[0] == Place(one.pk, 1, 1)
    # Both images are the same disc: its four inner patches hold most of it.
    inner = {
        Place(image.pk, row, column)
        for image in (one, other)
        for row in (1, 2)
        for column in (1, 2)
    }
    assert set(shown[:8]) == inner
    assert len(shown) == 32


def test_nonsense_to_go_on_from_is_refused(dataset: Dataset, rings: Structure, bob: User) -> None:
    for cursor in ("x", "1:2", "999999:0:0", "a:b:c"):
        query = PatchQuery(structure=rings, cursor=cursor)
        with pytest.raises(Rejected):
            list_patches(by=bob, dataset=dataset, query=query)


def test_more_images_and_answers_ask_the_database_no_more_often(
    dataset: Dataset, rings: Structure
) -> None:
    alice = dataset.project.created_by

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            for order, state in (("uncertain", "unanswered"), ("image", "disagreement")):
                query = PatchQuery(structure=rings, order=order, state=state)
                list_patches(by=alice, dataset=dataset, query=query)
        return len(asked)

    def arrive(names: str) -> None:
        for name in names:
            image = make_image(dataset=dataset, name=f"{name}.tif", height=64, width=96)
            make_label(image=image, structure=rings, annotator=alice)
            score(dataset, rings, f"{name}.tif", [0.5] * 6)

    first = queries()
    arrive("0")
    few = queries()
    arrive("1234")
    # What was known before the images came need not be read again.
    assert queries() == few < first
