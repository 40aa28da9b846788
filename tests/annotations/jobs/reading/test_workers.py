"""Tasks that come twice, workers that are killed, and what is the server's fault."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from annotations.jobs.reading import read_upload
from annotations.locking import sole_reader
from annotations.models import Image, Upload
from tests.annotations.jobs.reading.received import on_disk, received
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


def test_an_upload_that_is_delivered_twice_makes_one_image() -> None:
    upload = received(png())
    assert len(read_upload(upload.pk)) == 1
    assert read_upload(upload.pk) == []
    assert Image.objects.count() == 1


def test_an_upload_that_another_worker_reads_is_left_alone() -> None:
    upload = received(png())
    with sole_reader(upload.path) as alone:
        assert alone
        assert read_upload(upload.pk) == []
    assert not Image.objects.exists()
    assert len(read_upload(upload.pk)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_image() -> None:
    upload = received(png(300, 300))

    def read() -> None:
        try:
            read_upload(upload.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Image.objects.count() == 1


def test_a_worker_that_was_killed_before_the_rows_were_kept_has_lost_nothing(files: Path) -> None:
    """The bytes of the upload go only when the rows are there."""
    upload = received(png())
    (files / "images" / "leftover").mkdir(parents=True)
    assert len(read_upload(upload.pk)) == 1


def test_an_upload_that_was_cancelled_is_no_error(files: Path) -> None:
    upload = received(png())
    pk, path = upload.pk, upload.path
    upload.delete()
    path.unlink()
    assert read_upload(pk) == []
    assert not on_disk(files)


def test_a_file_that_cannot_be_read_for_the_servers_sake_is_kept_and_read_again(
    files: Path,
) -> None:
    """A plain file where the folder of images should be: no folder can be made in it."""
    upload, obstacle = received(png()), files / "images"
    obstacle.write_text("in the way")
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert "try again" in upload.error
    assert upload.can_be_tried_again
    assert upload.path.read_bytes() == png()
    assert not Image.objects.exists()

    obstacle.unlink()
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVED, error="")
    assert len(read_upload(upload.pk)) == 1
