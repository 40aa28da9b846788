"""What becomes of a file."""

import hashlib
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import tifffile

from annotations.imaging.store.read import open_store
from annotations.jobs.importing import import_image
from annotations.jobs.reading import read_upload
from annotations.models import Image, Upload
from annotations.originals import fetch
from tests.annotations.jobs.reading.received import on_disk, received
from tests.factories import make_dataset, make_image
from tests.support.pictures import noise, png, stack_tiff

pytestmark = pytest.mark.django_db


def _scenes(count: int = 3) -> bytes:
    """An OME-TIFF of several images."""
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer, ome=True) as file:
        for seed in range(count):
            file.write(
                noise(20, 30 + seed, seed=seed), photometric="minisblack",
                metadata={"axes": "YX", "Name": f"Position {seed + 1}"},
            )  # fmt: skip
    return buffer.getvalue()


def test_a_file_becomes_an_image_with_its_original_and_details(files: Path) -> None:
    content = png(40, 70)
    upload = received(content)
    assert read_upload(upload.pk) == [Image.objects.get().pk]
    image = Image.objects.get()
    assert image.original.read_bytes() == content
    assert image.sha256 == hashlib.sha256(content).hexdigest()
    assert (image.condition, image.well, image.replicate) == ("drug", "B2", "1")
    assert (image.state, image.uploaded_by) == (Image.State.IMPORTING, upload.by)
    upload.refresh_from_db()
    assert upload.state == Upload.State.DONE
    assert on_disk(files) == [image.original]


def test_a_file_of_several_images_becomes_several_that_share_their_bytes(files: Path) -> None:
    dataset = make_dataset()
    assert len(read_upload(received(_scenes(), "plate.ome.tif", dataset).pk)) == 3
    images = list(dataset.images.order_by("series"))
    assert [image.name for image in images] == [f"plate.ome [Position {n}].tif" for n in (1, 2, 3)]
    assert [(image.series, image.width) for image in images] == [(0, 30), (1, 31), (2, 32)]
    inodes = {image.original.stat().st_ino for image in images}
    assert len(inodes) == 1


def test_a_scene_that_was_deleted_comes_back_alone() -> None:
    dataset, content = make_dataset(), _scenes()
    read_upload(received(content, "plate.tif", dataset).pk)
    dataset.images.get(series=1).delete()
    (again,) = read_upload(received(content, "plate.tif", dataset).pk)
    assert Image.objects.get(pk=again).series == 1


def test_pages_that_nothing_explains_wait_for_an_answer() -> None:
    assert read_upload(received(stack_tiff(7), "stack.tif").pk) == []
    image = Image.objects.get()
    assert (image.state, image.size_z, image.page_axis) == (Image.State.WAITING, 7, "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"Dear diary", "no PNG image"), (png()[:20], "damaged")],
    ids=["empty", "text", "cut short"],
)
def test_what_is_no_image_is_refused_with_the_reason_and_leaves_no_file(
    content: bytes, reason: str, files: Path
) -> None:
    upload = received(content)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert reason in upload.error
    assert not upload.can_be_tried_again
    assert not on_disk(files)
    assert not Image.objects.exists()


def test_bytes_that_are_here_already_are_recognised(files: Path) -> None:
    dataset = make_dataset()
    read_upload(received(png(), "a.png", dataset).pk)
    upload = received(png(), "b.png", dataset)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.error == "This image is here already, as a.png."
    assert on_disk(files) == [Image.objects.get().original]


def test_an_ome_zarr_folder_that_was_packed_becomes_an_image(files: Path, tmp_path: Path) -> None:
    """As the browser and `import_images` pack it."""
    first = make_image(width=30, height=20, store=True)
    folder, packed = tmp_path / "cells.zarr", tmp_path / "packed"
    shutil.copytree(first.store, folder)
    fetch(folder, packed)
    (pk,) = read_upload(received(packed.read_bytes(), "cells.zarr").pk)
    import_image(pk)
    image = Image.objects.get(pk=pk)
    assert (image.state, image.error, image.name) == (Image.State.READY, "", "cells.zarr")
    np.testing.assert_array_equal(
        open_store(image.store).read(0, 20, 0, 30), open_store(first.store).read(0, 20, 0, 30)
    )
