"""What is deleted leaves no object."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.bucket import Bucket
from annotations.jobs.importing import import_image
from annotations.jobs.tidying import tidy_bucket
from annotations.models import Image
from annotations.services.datasets import delete_dataset
from annotations.services.images.images import delete_image
from tests.annotations.storage.stored import added, imported, keys
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


def test_a_deleted_image_leaves_no_object(
    bucket: Bucket, image: Image, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    other = imported(added(png(64, 96, seed=2)))
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(by=image.dataset.created_by, image=image)
    tidy_bucket()
    assert not image.folder.exists()
    assert {key.split("/")[1] for key in keys(bucket)} == {str(other.key)}


def test_a_deleted_data_set_leaves_no_object(
    bucket: Bucket, image: Image, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        delete_dataset(by=image.dataset.created_by, dataset=image.dataset)
    tidy_bucket()
    assert keys(bucket) == []


def test_an_image_deleted_while_it_is_published_leaves_no_object(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, upload = added(png(64, 96)), Bucket.upload

    def slow(*args: object, **how: object) -> None:
        upload(*args, **how)  # type: ignore[arg-type]
        Image.objects.filter(pk=image.pk).delete()

    monkeypatch.setattr(Bucket, "upload", slow)
    import_image(image.pk)
    assert (keys(bucket), image.folder.exists()) == ([], False)
