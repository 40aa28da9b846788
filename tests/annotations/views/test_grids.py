"""Changing the grid on its page: first told, then done."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotations.jobs.errands.runner import run_errand
from annotations.models import Dataset, Errand, Image, Label
from annotations.models.label import Answer
from annotations.services.reviews import Place, remark
from tests import factories
from tests.support.pages import props, signed_in, text

# Errands beat from a thread of their own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def image() -> Image:
    """64 x 96 px on patches of 32 px; the upper row is no, no, yes."""
    dataset = factories.make_dataset(patch_size=32)
    image = factories.make_image(dataset=dataset, height=64, width=96)
    structure = factories.make_structure(project=dataset.project)
    for column, value in enumerate((Answer.NO, Answer.NO, Answer.YES)):
        factories.make_label(
            image=image,
            structure=structure,
            annotator=dataset.created_by,
            column=column,
            value=value,
        )
    return image


@pytest.fixture
def client(image: Image) -> Client:
    return signed_in(image.dataset.created_by)


def _address(image: Image) -> str:
    return reverse("dataset-grid", args=[image.dataset_id])


def _post(client: Client, image: Image, given: dict[str, str]) -> str:
    """Send the form and let a worker do what it asked for; where the page leads."""
    answer = client.post(_address(image), given)
    (errand,) = Errand.objects.active()
    assert answer["Location"] == f"{_address(image)}?errand={errand.pk}#errand"
    assert props(client.get(answer["Location"]), "errand") == {"errand": errand.pk}
    assert run_errand(errand.pk)
    return str(answer["Location"])


def test_the_page_says_what_would_happen_and_does_nothing(client: Client, image: Image) -> None:
    page = client.get(_post(client, image, {"patch_size": "64", "transfer": "on"}))
    shown = text(page)
    assert "3 answers on 32 px: kept" in shown
    assert "1 is carried over" in shown
    assert "Change the grid" in shown
    assert re.search(r'value="64"[^>]* checked', page.content.decode())
    assert (Dataset.objects.get().patch_size, Label.objects.count()) == (32, 3)


def test_confirming_changes_the_grid(client: Client, image: Image) -> None:
    given = {"patch_size": "other", "patch_size_other": "48", "overlap": "8", "confirm": "yes"}
    page = client.get(_post(client, image, given))
    dataset = Dataset.objects.get()
    assert (dataset.patch_size, dataset.overlap, Label.objects.count()) == (48, 8, 0)
    assert "3 answers are kept with the old one; 0 came back and 0 are carried over" in text(page)


def test_what_cannot_be_changed_is_said_before_anything_is_counted(
    client: Client, image: Image
) -> None:
    structure = image.dataset.project.structures.get()
    place = Place(image.dataset, structure, image.pk, 0, 0)
    remark(by=image.dataset.created_by, place=place, text="A fold?")
    page = client.post(_address(image), {"patch_size": "64"})
    assert "The grid cannot change: 1 of its patches is remarked on." in text(page)
    assert not Errand.objects.exists()


def test_a_change_under_way_is_shown_to_whoever_comes_and_not_begun_twice(
    client: Client, image: Image
) -> None:
    client.post(_address(image), {"patch_size": "64", "confirm": "yes"})
    page = client.get(_address(image))
    assert "The grid is being changed to 64 px" in text(page)
    assert props(page, "errand") == {"errand": Errand.objects.get().pk}
    again = client.post(_address(image), {"patch_size": "128", "confirm": "yes"})
    assert "being changed already" in text(again)
    assert Errand.objects.count() == 1


def test_a_change_that_failed_or_was_cancelled_says_so(client: Client, image: Image) -> None:
    params = {"patch_size": 64, "overlap": 0, "transfer": True}
    for state, words in (("failed", "The disk is full. Nothing"), ("cancelled", "Cancelled.")):
        errand = factories.make_errand(
            dataset=image.dataset,
            kind=Errand.Kind.GRID,
            state=Errand.State(state),
            params=params,
        )
        assert words in text(client.get(f"{_address(image)}?errand={errand.pk}"))


def test_earlier_grids_are_listed_and_come_back(client: Client, image: Image) -> None:
    _post(client, image, {"patch_size": "64", "confirm": "yes"})
    page = text(client.get(_address(image)))
    assert f"32 px 0 px 3 {Dataset.objects.get().former_grids.get().replaced_at:%-d %b}" in page
    page = text(client.get(_post(client, image, {"patch_size": "32"})))
    assert "3 earlier answers on the new grid come back" in page
    _post(client, image, {"patch_size": "32", "confirm": "yes"})
    assert Label.objects.count() == 3


def test_the_grid_that_is_there_needs_no_change(client: Client, image: Image) -> None:
    page = text(client.get(_post(client, image, {"patch_size": "32"})))
    assert "This is the grid that the data set has" in page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"patch_size": "64", "overlap": "40"}, "Patches of 64 px overlap by 0 to 32 px"),
        ({"patch_size": "other"}, "Say how many pixels"),
        ({}, "This field is required"),
    ],
)
def test_an_impossible_grid_is_told(
    client: Client, image: Image, given: dict[str, str], message: str
) -> None:
    page = client.post(_address(image), given | {"confirm": "yes"})
    assert message in text(page)
    assert Dataset.objects.get().patch_size == 32


def test_the_grid_is_drawn_over_an_image_where_there_is_one(client: Client, image: Image) -> None:
    expected = {"dataset": image.dataset_id, "patch_size": 32, "overlap": 0}
    assert props(client.get(_address(image)), "grid") == expected
    image.delete()
    assert "island-grid" not in client.get(_address(image)).content.decode()
