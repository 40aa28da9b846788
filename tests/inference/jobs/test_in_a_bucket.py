"""Results whose maps are kept in a bucket."""

import os
import time
from pathlib import Path
from uuid import uuid4

import numpy as np
import obstore
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations import storage
from annotations.bucket import Bucket
from annotations.imaging.store.read import open_store
from annotations.jobs.tidying import ORPHAN_SECONDS
from annotations.models import Image
from inference.jobs.runner import run as do
from inference.jobs.tidying import tidy_segmentations
from inference.models import ModelVersion, Run, Segmentation
from tests.factories import make_dataset, make_image, make_model, make_run
from tests.inference.jobs.untrained import write_untrained
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _keys(bucket: Bucket) -> list[str]:
    return sorted(entry["path"] for page in obstore.list(bucket.objects) for entry in page)


@pytest.fixture
def image(bucket: Bucket) -> Image:
    dataset = make_dataset(patch_size=32)
    image = make_image(dataset=dataset, height=50, width=75, store=True)
    storage.publish(image.store)
    return image


@pytest.fixture
def model(image: Image) -> ModelVersion:
    model = make_model(dataset=image.dataset)
    write_untrained(model)
    return model


def _done(image: Image, model: ModelVersion, kind: Run.Kind = Run.Kind.SEGMENT) -> Run:
    images = {"images": [image.pk]}
    run = make_run(dataset=image.dataset, kind=kind, uses=model, params=images)
    do(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.DONE, "")
    return run


def test_a_map_is_written_to_the_bucket_and_read_from_it(
    bucket: Bucket, image: Image, model: ModelVersion
) -> None:
    _done(image, model)
    own = Segmentation.objects.get()
    assert not own.map.exists()
    assert f"{storage.key_of(own.map)}/zarr.json" in _keys(bucket)
    read = open_store(storage.place(own.map)).read(0, 50, 0, 75)
    assert read.shape == (1, 50, 75)
    assert read.dtype == np.uint8
    client = client_of(image.dataset.created_by)
    answer = client.get(f"/api/segmentations/{own.pk}/map/{own.key}/zarr.json")
    assert answer.json()["zarr_format"] == 3
    assert client.get(f"/api/segmentations/{own.pk}/thresholds/").status_code == 200
    assert _done(image, model, Run.Kind.EXPORT).bundle.is_file()


def test_a_new_result_takes_the_place_of_the_old_one(
    bucket: Bucket,
    image: Image,
    model: ModelVersion,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            _done(image, model)
    maps = {key.split("/")[3] for key in _keys(bucket) if "/segmentations/" in key}
    assert maps == {str(Segmentation.objects.get().key)}


def test_a_map_that_a_killed_worker_published_is_removed_a_day_later(
    bucket: Bucket, image: Image, model: ModelVersion
) -> None:
    _done(image, model)
    own = Segmentation.objects.get()
    orphan = own.folder.with_name(str(uuid4()))
    for entry in (key for key in _keys(bucket) if str(own.key) in key):
        obstore.copy(bucket.objects, entry, entry.replace(str(own.key), orphan.name))
    orphan.mkdir()
    tidy_segmentations()
    assert [key for key in _keys(bucket) if orphan.name in key]
    _age(orphan, own.folder, image.folder)
    tidy_segmentations()
    assert not [key for key in _keys(bucket) if orphan.name in key]
    assert not orphan.exists()
    assert storage.exists(own.map)
    assert own.patch_scores.is_file()


def _age(*paths: Path) -> None:
    long_ago = time.time() - 2 * ORPHAN_SECONDS
    for path in paths:
        os.utime(path, (long_ago, long_ago))
