"""The images of a data set a page at a time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.models import Dataset, Image, LeftOut
from annotations.models.label import Answer
from annotations.services.answers.labels import label_patches
from annotations.services.overview import Wanted, dataset_overview, patch_count
from annotations.services.progress import dataset_progress
from tests.factories import make_dataset, make_image, make_structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset(patch_size=32)
    for number in range(5):
        condition = "drug" if number % 2 else ""
        make_image(dataset=dataset, name=f"cells{number}.tif", condition=condition, well="B2")
    make_image(dataset=dataset, name="stack.tif", state=Image.State.WAITING, size_z=7)
    make_image(dataset=dataset, name="bad.tif", state=Image.State.REFUSED, error="No image.")
    return dataset


def _names(dataset: Dataset, wanted: Wanted) -> list[str]:
    overview = dataset_overview(dataset=dataset, user=dataset.created_by, wanted=wanted)
    return [image.name for image in overview.images]


def test_a_page_has_some_images_and_counts_of_all(dataset: Dataset) -> None:
    wanted = Wanted(name="CELLS", offset=3, limit=2)
    overview = dataset_overview(dataset=dataset, user=dataset.created_by, wanted=wanted)
    assert [image.name for image in overview.images] == ["cells3.tif", "cells4.tif"]
    assert overview.found == 5
    assert overview.states == {"ready": 5, "waiting": 1, "refused": 1, "importing": 0}
    assert overview.details == {"condition": ["drug"], "well": ["B2"], "replicate": []}
    assert overview.pages == [7]
    first = dataset.images.get(name="cells0.tif")
    assert overview.first_ready == first.pk


def test_images_are_found_by_what_is_known_of_them_and_by_what_is_not(dataset: Dataset) -> None:
    assert _names(dataset, Wanted(details={"condition": "drug"})) == ["cells1.tif", "cells3.tif"]
    without = _names(dataset, Wanted(details={"condition": "", "well": "B2"}))
    assert without == ["cells0.tif", "cells2.tif", "cells4.tif"]


def test_patches_and_shares_are_those_of_the_progress(dataset: Dataset) -> None:
    structure, user = make_structure(project=dataset.project), dataset.created_by
    image = dataset.images.get(name="cells1.tif")
    label_patches(
        by=user, image=image, structure=structure, cells=[(0, 0), (1, 1)], value=Answer.YES
    )
    LeftOut.objects.create(image=image, row=1, column=1, by=user, at=timezone.now())
    progress = dataset_progress(dataset=dataset, user=user)
    overview = dataset_overview(dataset=dataset, user=user, wanted=Wanted())
    assert overview.patches == patch_count(dataset) == progress["patches"] == 5 * 6 - 1
    expected = {row["id"]: row["labelled"] / row["patches"] for row in progress["images"]}
    assert overview.shares == expected
    assert expected[image.pk] == 1 / 5


def test_queries_do_not_grow_with_the_images(dataset: Dataset) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            dataset_overview(dataset=dataset, user=dataset.created_by, wanted=Wanted())
        return len(caught)

    before = queries()
    for number in range(30):
        make_image(dataset=dataset, height=100 + number)
    assert queries() == before


def test_an_empty_data_set_has_an_overview() -> None:
    empty = make_dataset()
    overview = dataset_overview(dataset=empty, user=empty.created_by, wanted=Wanted())
    assert (overview.images, overview.found, overview.patches) == ([], 0, 0)
    assert overview.first_ready is None
