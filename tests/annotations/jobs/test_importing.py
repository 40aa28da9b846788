"""Importing an image in a worker: once, whole or not at all."""

import io
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import redis
import tifffile
from django.conf import settings
from django.db import connection
from django.utils import timezone

from annotations.errors import Rejected
from annotations.imaging.store import open_store
from annotations.jobs.importing import import_image, stale_imports
from annotations.jobs.progress import ImportProgress
from annotations.locking import sole_writer
from annotations.models import Dataset, Image
from annotations.services.axes import say_axes
from annotations.services.images import add_image, delete_image, retry_import
from annotations.tasks import recover_imports
from tests.factories import make_dataset, make_image
from tests.support.pictures import fiji_tiff, noise, png, rgb_png, stack_tiff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


def _added(content: bytes, name: str = "a.png", dataset: Dataset | None = None) -> Image:
    dataset = dataset or make_dataset()
    return add_image(by=dataset.created_by, dataset=dataset, name=name, content=io.BytesIO(content))


def _imported(content: bytes, name: str = "a.png") -> Image:
    image = _added(content, name)
    import_image(image.pk)
    image.refresh_from_db()
    return image


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _in_threads(*jobs: Callable[[], None]) -> None:
    """Run jobs beside each other, each with a database connection of its own."""

    def one(job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_an_imported_image_holds_the_pixels_of_the_file() -> None:
    image = _imported(png(40, 70, seed=3))
    assert (image.state, image.error) == (Image.State.READY, "")
    pixels = open_store(image.store).read(0, 40, 0, 70)
    np.testing.assert_array_equal(pixels[0], noise(40, 70, seed=3))
    assert image.thumbnail.is_file()
    assert image.original.read_bytes() == png(40, 70, seed=3)


def test_channels_get_limits_that_show_them() -> None:
    planes = np.stack(
        [noise(64, 64, seed=k).astype(np.uint16) * scale for k, scale in ((1, 1), (2, 100))]
    )
    image = _imported(fiji_tiff(planes), "cells.tif")
    assert [channel["name"] for channel in image.channels] == ["Channel 1", "Channel 2"]
    # Noise over 0..255, scaled by 1 and by 100; the outermost tenth of a percent may be cut off.
    (low, high), (low_2, high_2) = image.limits
    assert 0 <= low <= 2
    assert 253 <= high <= 255
    assert 0 <= low_2 <= 200
    assert 25_300 <= high_2 <= 25_500


def test_a_colour_picture_is_shown_as_it_is() -> None:
    image = _imported(rgb_png())
    assert image.limits == [(0, 255)] * 3


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_file_is_refused_with_the_reason_and_leaves_no_file(
    share: float, files: Path
) -> None:
    content = png(100, 100)
    image = _imported(content[: int(len(content) * share)])
    assert image.state == Image.State.REFUSED
    assert image.error.endswith(".")
    assert not _files(files)


def test_a_tiff_with_damaged_pixels_is_refused_with_the_reason(files: Path) -> None:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, noise(200, 200), compression="zlib", rowsperstrip=20)
    content = bytearray(buffer.getvalue())
    content[-20_000:-10_000] = bytes(10_000)
    image = _imported(bytes(content), "a.tif")
    assert image.state == Image.State.REFUSED
    assert image.error.endswith(".")
    assert not _files(files)


def test_the_other_images_of_a_drop_are_imported_all_the_same() -> None:
    dataset, content = make_dataset(), png(100, 100, seed=9)
    images = [
        _added(given, name, dataset)
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


def test_an_original_that_is_lost_is_said_to_have_failed(files: Path) -> None:
    image = _added(png())
    image.original.unlink()
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.REFUSED
    assert image.error.startswith("The import failed")
    assert not _files(files)


def test_a_task_that_is_delivered_twice_imports_once() -> None:
    image = _imported(png())
    before = {
        path: path.stat().st_mtime_ns for path in _files(image.folder) if path.name != ".lock"
    }
    import_image(image.pk)
    after = {path: path.stat().st_mtime_ns for path in _files(image.folder) if path.name != ".lock"}
    assert after == before


def test_a_refused_image_is_not_imported_again() -> None:
    image = _imported(png()[:100])
    error = image.error
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.error) == (Image.State.REFUSED, error)


def test_an_image_that_another_worker_imports_is_left_alone() -> None:
    image = _added(png())
    with sole_writer(image.folder) as alone:
        assert alone
        import_image(image.pk)
        image.refresh_from_db()
        assert image.state == Image.State.IMPORTING
        assert not image.store.exists()
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.READY


def test_nobody_writes_to_a_folder_that_is_gone(tmp_path: Path) -> None:
    with sole_writer(tmp_path / "gone") as alone:
        assert not alone


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_store() -> None:
    image = _added(png(200, 200))
    _in_threads(*[lambda: import_image(image.pk)] * 4)
    image.refresh_from_db()
    assert image.state == Image.State.READY
    np.testing.assert_array_equal(open_store(image.store).read(0, 200, 0, 200)[0], noise(200, 200))
    assert not [path for path in image.folder.iterdir() if path.name.endswith(".part")]


def test_a_store_that_a_killed_worker_left_is_used() -> None:
    image = _imported(png())
    before = (image.store / "zarr.json").stat().st_mtime_ns
    image.thumbnail.unlink()
    Image.objects.filter(pk=image.pk).update(state=Image.State.IMPORTING)
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.READY
    assert image.thumbnail.is_file()
    assert (image.store / "zarr.json").stat().st_mtime_ns == before


def test_an_image_that_is_gone_is_no_error() -> None:
    image = make_image(state=Image.State.IMPORTING)
    import_image(image.pk)
    image.delete()
    import_image(image.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.08, 0.2])
def test_an_image_that_is_deleted_during_its_import_leaves_nothing(
    delay: float, files: Path
) -> None:
    image = _added(png(600, 600))

    def delete() -> None:
        time.sleep(delay)
        delete_image(by=image.dataset.created_by, image=Image.objects.get(pk=image.pk))

    _in_threads(lambda: import_image(image.pk), delete)
    assert not Image.objects.exists()
    assert not _files(files)


def test_imports_that_wait_for_long_are_sent_again() -> None:
    long_ago = timezone.now() - timedelta(minutes=3)
    waiting = [make_image(state=Image.State.IMPORTING) for _ in range(2)]
    fresh, ready = make_image(state=Image.State.IMPORTING), make_image()
    Image.objects.exclude(pk=fresh.pk).update(created_at=long_ago)
    assert ready.pk not in stale_imports()
    assert stale_imports() == [image.pk for image in waiting]

    queue = redis.Redis.from_url(settings.REDIS_URL)
    queue.flushdb()
    recover_imports()
    assert queue.llen("io") == 2
    queue.flushdb()


def test_an_import_that_fails_for_the_servers_sake_keeps_the_file_and_is_tried_again() -> None:
    """A folder where the thumbnail should be: no file can take its place."""
    image = _added(png())
    obstacle = image.folder / "thumbnail.png"
    obstacle.mkdir()
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.REFUSED
    assert "try again" in image.error
    assert image.can_be_tried_again
    assert [path.name for path in _files(image.folder)] == ["original"]

    retry_import(by=image.uploaded_by, image=image)
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.error) == (Image.State.READY, "")


def test_a_refused_file_cannot_be_tried_again() -> None:
    image = _imported(png()[:100])
    with pytest.raises(Rejected, match="nothing to try again"):
        retry_import(by=image.uploaded_by, image=image)


def test_an_image_whose_name_was_taken_meanwhile_is_not_tried_again() -> None:
    image = _added(png(seed=1))
    Image.objects.filter(pk=image.pk).update(state=Image.State.REFUSED, error="The disk is full.")
    image.refresh_from_db()
    _added(png(seed=2), dataset=image.dataset)
    with pytest.raises(Rejected, match="meantime"):
        retry_import(by=image.uploaded_by, image=image)
    image.refresh_from_db()
    assert image.state == Image.State.REFUSED


def _progress(image: Image) -> float | None:
    return image.import_progress


def test_how_far_an_import_is_can_be_read_meanwhile() -> None:
    image = _added(png())
    assert _progress(image) == 0.0
    ImportProgress(image).tell(0.25)
    assert _progress(image) == 0.25
    import_image(image.pk)
    image.refresh_from_db()
    assert _progress(image) is None
    assert not image.progress_file.exists()


def test_a_stack_gets_its_maximum() -> None:
    image = _added(stack_tiff(4), "stack.tif")
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
    image = _added(stack_tiff(3), "stack.tif")
    say_axes(by=image.uploaded_by, image=image, meaning="Z")
    import_image(image.pk)
    say_axes(by=image.uploaded_by, image=Image.objects.get(pk=image.pk), meaning="C")
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.size_z, len(image.channels)) == (Image.State.READY, 1, 3)
    assert not image.projection.exists()
    pixels = open_store(image.store).read(0, 20, 0, 30)
    np.testing.assert_array_equal(pixels, np.stack([noise(20, 30, seed=s) for s in range(3)]))
