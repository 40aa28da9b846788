"""Tasks that come twice or never, and images that are deleted meanwhile."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from annotations.imaging.store.read import open_store
from annotations.jobs.importing import import_image, stale_imports
from annotations.locking import sole_writer
from annotations.models import Image
from annotations.services.images.images import delete_image
from annotations.tasks import recover_imports
from tests.annotations.jobs.importing.added import added, files_in, imported
from tests.factories import make_image
from tests.support.pictures import noise, png

pytestmark = pytest.mark.django_db


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


def test_a_task_that_is_delivered_twice_imports_once() -> None:
    image = imported(png())
    before = {
        path: path.stat().st_mtime_ns for path in files_in(image.folder) if path.name != ".lock"
    }
    import_image(image.pk)
    after = {
        path: path.stat().st_mtime_ns for path in files_in(image.folder) if path.name != ".lock"
    }
    assert after == before


def test_a_refused_image_is_not_imported_again() -> None:
    image = imported(png()[:100])
    error = image.error
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.error) == (Image.State.REFUSED, error)


def test_an_image_that_another_worker_imports_is_left_alone() -> None:
    image = added(png())
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
    image = added(png(200, 200))
    _in_threads(*[lambda: import_image(image.pk)] * 4)
    image.refresh_from_db()
    assert image.state == Image.State.READY
    np.testing.assert_array_equal(open_store(image.store).read(0, 200, 0, 200)[0], noise(200, 200))
    assert not [path for path in image.folder.iterdir() if path.name.endswith(".part")]


def test_a_store_that_a_killed_worker_left_is_used() -> None:
    image = imported(png())
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
    image = added(png(600, 600))

    def delete() -> None:
        time.sleep(delay)
        delete_image(by=image.dataset.created_by, image=Image.objects.get(pk=image.pk))

    _in_threads(lambda: import_image(image.pk), delete)
    assert not Image.objects.exists()
    assert not files_in(files)


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
