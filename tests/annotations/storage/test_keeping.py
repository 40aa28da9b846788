"""What is in the bucket of an image, and what comes back."""

import numpy as np
import obstore
import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from annotations import storage
from annotations.bucket import Bucket
from annotations.imaging.grid import read_patch
from annotations.imaging.store.read import open_store
from annotations.models import Image
from annotations.services.images.axes import say_axes
from annotations.services.working import open_working
from tests.annotations.storage.stored import CHUNK, added, imported, keys
from tests.factories import make_image
from tests.support.clients import client_of
from tests.support.pictures import noise, png, stack_tiff

pytestmark = pytest.mark.django_db


def test_an_imported_image_is_in_the_bucket_and_its_store_no_longer_on_the_disk(
    bucket: Bucket, image: Image
) -> None:
    assert (image.state, image.error) == (Image.State.READY, "")
    store = f"images/{image.key}/image.zarr"
    assert {f"{store}/zarr.json", f"{store}/0/zarr.json", f"{store}/{CHUNK}"} <= set(keys(bucket))
    left = {path.name for path in image.folder.iterdir()}
    assert left == {"original", "thumbnail.png", ".lock"}


def test_pixels_come_back_as_they_were(image: Image) -> None:
    pixels = noise(64, 96)
    np.testing.assert_array_equal(open_working(image).read(0, 64, 0, 96)[0], pixels)
    patch = read_patch(open_working(image), image.grid, 1, 2)
    np.testing.assert_array_equal(patch[0], pixels[32:64, 64:96])


def test_a_stack_and_its_maximum_are_published(bucket: Bucket) -> None:
    waiting = added(stack_tiff(3), "stack.tif")
    image = imported(say_axes(by=waiting.dataset.created_by, image=waiting, meaning="Z"))
    assert f"images/{image.key}/projection.zarr/zarr.json" in keys(bucket)
    image.dataset.projection = "max"
    highest = np.max([noise(20, 30, seed=seed) for seed in range(3)], axis=0)
    np.testing.assert_array_equal(open_working(image).read(0, 20, 0, 30)[0], highest)
    client = client_of(image.dataset.created_by)
    assert client.get(f"/api/images/{image.pk}/projection/{CHUNK}").status_code == 200


def test_pages_that_mean_something_else_replace_what_was_there(bucket: Bucket) -> None:
    waiting = added(stack_tiff(3), "stack.tif")
    by = waiting.dataset.created_by
    image = imported(say_axes(by=by, image=waiting, meaning="Z"))
    image = imported(say_axes(by=by, image=image, meaning="C"))
    assert open_store(storage.place(image.store)).sizes["c"] == 3
    assert not [key for key in keys(bucket) if "projection" in key]
    chunks = [key for key in keys(bucket) if f"/image.zarr/{CHUNK[:4]}" in key]
    assert all(len(key.rpartition("/c/")[2].split("/")) == 3 for key in chunks)


def test_an_import_killed_after_it_published_begins_where_it_was(
    bucket: Bucket, image: Image
) -> None:
    before = {key: obstore.head(bucket.objects, key)["last_modified"] for key in keys(bucket)}
    Image.objects.filter(pk=image.pk).update(state=Image.State.IMPORTING)
    assert imported(image).state == Image.State.READY
    after = {key: obstore.head(bucket.objects, key)["last_modified"] for key in keys(bucket)}
    assert before == after


def test_a_bucket_that_is_down_costs_the_import_and_not_the_file(
    settings: Settings, bucket: Bucket
) -> None:
    address = settings.STORAGE_ENDPOINT
    image = added(png(64, 96))
    settings.STORAGE_ENDPOINT = "http://127.0.0.1:1"
    refused = imported(image)
    assert refused.state == Image.State.REFUSED
    assert "the bucket of the images cannot be used" in refused.error
    assert refused.can_be_tried_again
    settings.STORAGE_ENDPOINT = address
    Image.objects.filter(pk=image.pk).update(state=Image.State.IMPORTING, error="")
    assert imported(image).state == Image.State.READY


def test_stores_that_were_in_the_folder_before_are_read_there(bucket: Bucket) -> None:
    image = make_image(store=True)
    answer = client_of(image.dataset.created_by).get(f"/api/images/{image.pk}/store/{CHUNK}")
    assert b"".join(answer) == (image.store / CHUNK).read_bytes()
    assert open_working(image).shape == (1, 64, 96)


def test_a_store_that_is_nowhere_is_not_found(bucket: Bucket) -> None:
    image = make_image()
    assert not storage.exists(image.store)
    with pytest.raises(FileNotFoundError):
        open_working(image)
    with pytest.raises(FileNotFoundError):
        storage.version(image.store)


@pytest.mark.parametrize("url", ["bucket/prefix", "https://example.org/bucket", "s3:///prefix"])
def test_an_address_that_is_none_of_a_bucket_is_refused(settings: Settings, url: str) -> None:
    settings.STORAGE_URL = url
    with pytest.raises(ImproperlyConfigured, match="s3://bucket/prefix"):
        storage.bucket()
