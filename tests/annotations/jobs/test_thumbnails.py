"""What the small picture of a stack shows."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from django.db import connection
from PIL import Image as Picture

from annotations.imaging.errors import ImportStopped
from annotations.jobs import importing
from annotations.jobs.importing import import_image
from annotations.jobs.thumbnails import redraw_thumbnails
from annotations.models import Dataset, Image, Projection
from annotations.services.images.images import add_image
from tests.factories import make_dataset

pytestmark = pytest.mark.django_db
# Where the first plane alone is bright.
Y, X = 4, 6


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


def _stack(dataset: Dataset) -> Image:
    """Five z planes, each with a bright square at a place of its own."""
    planes = np.full((5, 40, 60), 10, np.uint16)
    for z in range(5):
        planes[z, Y : Y + 8, X + 10 * z : X + 10 * z + 8] = 1000
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, planes, ome=True, metadata={"axes": "ZYX"})
    buffer.seek(0)
    image = add_image(by=dataset.created_by, dataset=dataset, name="a.ome.tif", content=buffer)
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.size_z) == (Image.State.READY, 5)
    return image


def _bright(image: Image) -> list[int]:
    """The planes whose square is bright in the thumbnail."""
    picture = np.asarray(Picture.open(image.thumbnail).convert("L"))
    middles = [picture[Y + 4, X + 10 * z + 4] for z in range(5)]
    return [z for z, value in enumerate(middles) if value > 128]


def test_a_thumbnail_shows_the_plane_or_the_maximum_that_is_worked_on() -> None:
    assert _bright(_stack(make_dataset())) == [2]
    assert _bright(_stack(make_dataset(plane_z=4))) == [4]
    assert _bright(_stack(make_dataset(projection=Projection.MAX))) == [0, 1, 2, 3, 4]


def test_thumbnails_follow_when_another_plane_is_chosen() -> None:
    dataset = make_dataset()
    image = _stack(dataset)
    Dataset.objects.update(projection=Projection.MAX)
    redraw_thumbnails(dataset.pk)
    assert _bright(image) == [0, 1, 2, 3, 4]
    Dataset.objects.update(projection=Projection.PLANE, plane_z=1)
    redraw_thumbnails(dataset.pk)
    assert _bright(image) == [1]
    redraw_thumbnails(dataset.pk + 1)


class _Withdrawal:
    """Somebody who withdraws an import when its planes are written and its maximum is made."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self.at: float | None = None

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        share = self._image.import_progress
        if self.at is None and share is not None and share >= 0.9:
            self.at = share
            row = Image.objects.filter(pk=self._image.pk)
            row.update(state=Image.State.REFUSED, error="No longer wanted.")
        return execute(sql, *rest)


def test_an_import_that_is_stopped_while_the_maximum_is_made_goes_on_from_its_planes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotations.jobs.progress.SECONDS", 0)
    image = _image_of(make_dataset())
    withdrawal = _Withdrawal(image)
    with connection.execute_wrapper(withdrawal), pytest.raises(ImportStopped):
        importing._import(image)
    assert withdrawal.at is not None
    assert 0.9 <= withdrawal.at < 1
    assert image.store.exists()
    assert not image.projection.exists()
    written = (image.store / "zarr.json").stat().st_mtime_ns

    Image.objects.filter(pk=image.pk).update(state=Image.State.IMPORTING, error="")
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.READY
    assert (image.store / "zarr.json").stat().st_mtime_ns == written
    assert image.projection.exists()


def _image_of(dataset: Dataset) -> Image:
    buffer = io.BytesIO()
    planes = np.full((5, 1100, 1100), 10, np.uint16)
    tifffile.imwrite(buffer, planes, ome=True, metadata={"axes": "ZYX"})
    buffer.seek(0)
    return add_image(by=dataset.created_by, dataset=dataset, name="b.ome.tif", content=buffer)
