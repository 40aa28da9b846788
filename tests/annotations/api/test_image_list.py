"""The list of images is what would be written anew, whatever happened to them."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.api import image_list as kept
from annotations.api.image_list import image_list
from annotations.api.image_output import ImageOutput
from annotations.models import Dataset, Image
from annotations.services.grids import change_grid
from annotations.services.images.images import delete_image
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(data_root: object) -> Dataset:
    dataset = make_dataset(patch_size=32)
    for name in ("b.tif", "a.tif", "c.tif"):
        make_image(dataset=dataset, name=name)
    return dataset


def _as_written_anew(dataset: Dataset) -> list[Any]:
    return list(ImageOutput(dataset.images.all(), many=True).data)


def test_the_list_is_right_after_every_step(dataset: Dataset) -> None:
    by = dataset.created_by
    first, second, _ = dataset.images.order_by("pk")
    coming = make_image(dataset=dataset, name="0.tif", state=Image.State.IMPORTING)
    refused = {"state": Image.State.REFUSED, "error": "No image."}

    def progress(share: str) -> None:
        coming.folder.mkdir(parents=True, exist_ok=True)
        coming.progress_file.write_text(share)

    def fail() -> None:
        Image.objects.filter(pk=coming.pk).update(**refused)
        coming.original.touch()

    channels = [{"name": "DNA", "colour": "0000ff", "low": 1, "high": 5}]
    steps: list[Callable[[], Any]] = [
        lambda: None,
        lambda: progress("0.25"),
        lambda: progress("0.5"),
        fail,
        coming.original.unlink,
        lambda: Image.objects.filter(pk=first.pk).update(name="z.tif", condition="drug"),
        lambda: Image.objects.filter(pk=second.pk).update(channels=channels, size_z=3),
        lambda: delete_image(by=by, image=second),
        lambda: make_image(dataset=dataset, name="d.tif"),
        lambda: change_grid(by=by, dataset=dataset, patch_size=16, overlap=4, transfer=False),
    ]
    seen = []
    for step in steps:
        step()
        now = Dataset.objects.get(pk=dataset.pk)
        assert image_list(now) == _as_written_anew(now)
        assert image_list(now) == _as_written_anew(now)
        seen.append(image_list(now))
    assert all(one != other for one, other in pairwise(seen))


def test_times_are_those_of_the_zone(dataset: Dataset) -> None:
    for zone in ("UTC", "America/St_Johns", "UTC"):
        with timezone.override(zone):
            assert image_list(dataset) == _as_written_anew(dataset)


def test_images_are_those_of_the_data_set(dataset: Dataset) -> None:
    other = make_dataset(project=dataset.project)
    image_list(dataset)
    assert image_list(other) == []
    assert len(image_list(dataset)) == 3


def test_queries_do_not_grow_with_images(dataset: Dataset) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            image_list(dataset)
        return len(asked)

    assert [queries(), queries()] == [2, 1]
    for _ in range(5):
        make_image(dataset=dataset)
    assert [queries(), queries()] == [2, 1]


def test_no_more_data_sets_are_kept_than_there_is_room_for(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 1)
    other = make_dataset()
    for one in (dataset, other):
        image_list(one)
    assert list(kept._kept) == [other.pk]
