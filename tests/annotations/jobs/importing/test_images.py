"""What an imported image is, and which files are refused."""

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile

from annotations.imaging.store.read import open_store
from annotations.jobs.importing import import_image
from annotations.jobs.progress import ImportProgress
from annotations.models import Image
from annotations.services.images.axes import say_axes
from tests.annotations.jobs.importing.added import added, files_in, imported
from tests.factories import make_dataset
from tests.support.pictures import fiji_tiff, noise, png, rgb_png, stack_tiff

pytestmark = pytest.mark.django_db


def _progress(image: Image) -> float | None:
    return image.import_progress


def test_an_imported_image_holds_the_pixels_of_the_file() -> None:
    image = imported(png(40, 70, seed=3))
    assert (image.state, image.error) == (Image.State.READY, "")
    pixels = open_store(image.store).read(0, 40, 0, 70)
    np.testing.assert_array_equal(pixels[0], noise(40, 70, seed=3))
    assert image.thumbnail.is_file()
    assert image.original.read_bytes() == png(40, 70, seed=3)


def test_channels_get_limits_that_show_them() -> None:
    planes = np.stack(
        [noise(64, 64, seed=k).astype(np.uint16) * scale for k, scale in ((1, 1), (2, 100))]
    )
    image = imported(fiji_tiff(planes), "cells.tif")
    assert [channel["name"] for channel in image.channels] == ["Channel 1", "Channel 2"]
    # Noise over 0..255, scaled by 1 and by 100; the outermost tenth of a percent may be cut off.
    (low, high), (low_2, high_2) = image.limits
    assert 0 <= low <= 2
    assert 253 <= high <= 255
    assert 0 <= low_2 <= 200
    assert 25_300 <= high_2 <= 25_500


def test_a_colour_picture_is_shown_as_it_is() -> None:
    image = imported(rgb_png())
    assert image.limits == [(0, 255)] * 3


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_file_is_refused_with_the_reason_and_leaves_no_file(
    share: float, files: Path
) -> None:
    content = png(100, 100)
    image = imported(content[: int(len(content) * share)])
    assert image.state == Image.State.REFUSED
    assert image.error.endswith(".")
    assert not files_in(files)


def test_a_tiff_with_damaged_pixels_is_refused_with_the_reason(files: Path) -> None:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, noise(200, 200), compression="zlib", rowsperstrip=20)
    content = bytearray(buffer.getvalue())
    content[-20_000:-10_000] = bytes(10_000)
    image = imported(bytes(content), "a.tif")
    assert image.state == Image.State.REFUSED
    assert image.error.endswith(".")
    assert not files_in(files)


def test_the_other_images_of_a_drop_are_imported_all_the_same() -> None:
    dataset, content = make_dataset(), png(100, 100, seed=9)
    images = [
        added(given, name, dataset)
        for given, name in (
            (png(seed=1), "a.png"),
            (content[:5000], "b.png"),
            (png(seed=2), "c.png"),
        )
    ]
    for image in images:
        import_image(image.pk)
    states = dict(dataset.images.values_list("name", "state"))
    assert states == {"a.png": "ready", "b.png": "refused", "c.png": "ready"}


def test_how_far_an_import_is_can_be_read_meanwhile() -> None:
    image = added(png())
    assert _progress(image) == 0.0
    ImportProgress(image).tell(0.25)
    assert _progress(image) == 0.25
    import_image(image.pk)
    image.refresh_from_db()
    assert _progress(image) is None
    assert not image.progress_file.exists()


def test_a_stack_gets_its_maximum() -> None:
    image = added(stack_tiff(4), "stack.tif")
    say_axes(by=image.uploaded_by, image=image, meaning="Z")
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.size_z, image.axes) == (Image.State.READY, 4, "ZYX")
    planes = np.stack([noise(20, 30, seed=seed) for seed in range(4)])
    assert open_store(image.store).sizes["z"] == 4
    np.testing.assert_array_equal(
        open_store(image.projection).read(0, 20, 0, 30)[0], planes.max(axis=0)
    )


def test_the_pages_of_a_ready_image_can_be_corrected_while_nothing_hangs_on_it() -> None:
    image = added(stack_tiff(3), "stack.tif")
    say_axes(by=image.uploaded_by, image=image, meaning="Z")
    import_image(image.pk)
    say_axes(by=image.uploaded_by, image=Image.objects.get(pk=image.pk), meaning="C")
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.size_z, len(image.channels)) == (Image.State.READY, 1, 3)
    assert not image.projection.exists()
    pixels = open_store(image.store).read(0, 20, 0, 30)
    np.testing.assert_array_equal(pixels, np.stack([noise(20, 30, seed=s) for s in range(3)]))
