"""Uploads that are cancelled, or that nobody goes on with."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.jobs.tidying import stale_uploads, tidy
from annotations.models import Dataset, Upload
from tests.annotations.api.uploads.sending import head, send
from tests.factories import make_image, make_upload, make_user
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _age(path: Path, *, days: int) -> None:
    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_a_cancelled_upload_leaves_nothing(
    dataset: Dataset, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 5, byte_count=10)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(upload.by).delete(f"/api/uploads/{upload.key}/")
    assert answer.status_code == 204
    assert not upload.path.exists()
    assert head(upload).status_code == 404


def test_a_piece_for_a_cancelled_upload_makes_no_file(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, byte_count=10)
    upload.path.unlink()
    assert send(upload, 0, b"x" * 10).status_code == 409
    assert not upload.path.exists()


def test_an_upload_that_nobody_goes_on_with_expires(dataset: Dataset, settings: Settings) -> None:
    settings.UPLOAD_DAYS = 7
    old, fresh = (make_upload(dataset=dataset, byte_count=10) for _ in range(2))
    long_ago = timezone.now() - timedelta(days=8)
    Upload.objects.filter(pk=old.pk).update(updated_at=long_ago)
    tidy()
    # Its file was touched a moment ago: somebody sends it still.
    assert Upload.objects.count() == 2
    _age(old.path, days=8)
    tidy()
    assert list(Upload.objects.all()) == [fresh]
    assert not old.path.exists()


def test_files_without_a_row_are_removed_after_a_day(files: Path, dataset: Dataset) -> None:
    image, upload = make_image(dataset=dataset, store=True), make_upload(dataset=dataset)
    orphan, lost = files / "images" / str(make_user().pk), files / "incoming" / "of a killed server"
    named = files / "images" / "0b0c3b0e-3c1f-4c2e-9d2b-0123456789ab"
    for folder in (orphan, named):
        folder.mkdir(parents=True)
        _age(folder, days=2)
    lost.write_bytes(b"x")
    _age(lost, days=2)
    _age(image.folder, days=2)
    _age(upload.path, days=2)
    fresh = files / "incoming" / "just now"
    fresh.write_bytes(b"x")
    tidy()
    assert not lost.exists()
    assert not named.exists()
    # What has no key for a name is nobody's to remove.
    assert all(path.exists() for path in (orphan, image.store, upload.path, fresh))


def test_an_upload_whose_last_piece_a_kill_hid_is_taken_up(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 10)
    assert stale_uploads() == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVED
    Upload.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert stale_uploads() == [upload.pk]
