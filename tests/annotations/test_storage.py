"""Image stores in a bucket, on a server that speaks S3."""

import io
import json

import numpy as np
import obstore
import pytest
import requests
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations import storage
from annotations.bucket import Bucket
from annotations.imaging.grid import read_patch
from annotations.imaging.store import open_store
from annotations.jobs.importing import import_image
from annotations.jobs.tidying import tidy_bucket
from annotations.models import Image
from annotations.services.axes import say_axes
from annotations.services.datasets import delete_dataset
from annotations.services.images import add_image, delete_image
from annotations.services.working import open_working
from tests.factories import make_dataset, make_image, make_user
from tests.support.clients import client_of
from tests.support.pictures import noise, png, stack_tiff

pytestmark = pytest.mark.django_db
CHUNK = "0/c/0/0/0"


def _keys(bucket: Bucket) -> list[str]:
    return sorted(entry["path"] for page in obstore.list(bucket.objects) for entry in page)


def _added(content: bytes, name: str = "a.png") -> Image:
    dataset = make_dataset(patch_size=32)
    by = dataset.created_by
    return add_image(by=by, dataset=dataset, name=name, content=io.BytesIO(content))


def _import(image: Image) -> Image:
    import_image(image.pk)
    return Image.objects.get(pk=image.pk)


@pytest.fixture
def image(bucket: Bucket) -> Image:
    return _import(_added(png(64, 96)))


def _asked(image: Image, key: str = CHUNK, method: str = "get", **headers: str) -> HttpResponse:
    client = client_of(image.dataset.created_by)
    address = f"/api/images/{image.pk}/store/{key}"
    answer = getattr(client, method)(address, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def test_an_imported_image_is_in_the_bucket_and_its_store_no_longer_on_the_disk(
    bucket: Bucket, image: Image
) -> None:
    assert (image.state, image.error) == (Image.State.READY, "")
    store = f"images/{image.key}/image.zarr"
    assert {f"{store}/zarr.json", f"{store}/0/zarr.json", f"{store}/{CHUNK}"} <= set(_keys(bucket))
    left = {path.name for path in image.folder.iterdir()}
    assert left == {"original", "thumbnail.png", ".lock"}


def test_pixels_come_back_as_they_were(image: Image) -> None:
    pixels = noise(64, 96)
    np.testing.assert_array_equal(open_working(image).read(0, 64, 0, 96)[0], pixels)
    patch = read_patch(open_working(image), image.grid, 1, 2)
    np.testing.assert_array_equal(patch[0], pixels[32:64, 64:96])


def test_a_chunk_goes_over_http_with_an_etag_and_is_not_sent_again(
    bucket: Bucket, image: Image
) -> None:
    answer = _asked(image)
    kept = bucket.get(f"images/{image.key}/image.zarr/{CHUNK}")
    assert kept is not None
    assert (answer.status_code, answer.content) == (200, kept.content)
    assert answer["Content-Type"] == "application/octet-stream"
    assert "private" in answer["Cache-Control"]
    assert "immutable" in answer["Cache-Control"]
    known = _asked(image, **{"if-none-match": answer["ETag"]})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", answer["ETag"])
    other = _asked(image, **{"if-none-match": '"other"'})
    assert (other.status_code, other.content) == (200, kept.content)


def test_asking_for_the_head_sends_no_bytes(image: Image) -> None:
    whole, head = _asked(image), _asked(image, method="head")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


def test_metadata_are_json(image: Image) -> None:
    answer = _asked(image, "zarr.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert json.loads(answer.content)["attributes"]["ome"]["version"] == "0.5"


def test_an_empty_chunk_is_remembered_as_empty_and_what_is_no_chunk_is_not(image: Image) -> None:
    empty = _asked(image, "0/c/9/9/9")
    assert (empty.status_code, empty["Cache-Control"]) == (404, "private, max-age=3600")
    assert "Cache-Control" not in _asked(image, "7/zarr.json")


@pytest.mark.parametrize("key", ["../original", "0/../../original", "..%2Foriginal", "0", "0/c"])
def test_nothing_else_in_the_bucket_is_reached(image: Image, key: str) -> None:
    assert _asked(image, key).status_code == 404


@pytest.mark.parametrize("presigned", [False, True])
def test_a_stranger_gets_nothing(settings: Settings, image: Image, presigned: bool) -> None:
    settings.STORAGE_PRESIGNED = presigned
    address = f"/api/images/{image.pk}/store/{CHUNK}"
    assert client_of(make_user()).get(address).status_code == 404
    assert client_of(None).get(address).status_code == 401


def test_a_browser_is_sent_to_the_bucket_with_an_address_that_holds_for_minutes(
    settings: Settings, bucket_server: str, image: Image
) -> None:
    content = _asked(image).content
    settings.STORAGE_PRESIGNED = True
    answer = _asked(image)
    assert answer.status_code == 302
    assert answer["Location"].startswith(bucket_server)
    assert "X-Amz-Expires=600" in answer["Location"]
    assert answer["Cache-Control"] == "private, max-age=300"
    fetched = requests.get(answer["Location"], timeout=10)
    assert (fetched.status_code, fetched.content) == (200, content)
    # A reader takes what the bucket lacks for an empty chunk.
    lacking = requests.get(_asked(image, "0/c/9/9/9")["Location"], timeout=10)
    assert lacking.status_code == 404
    assert _asked(image, "zarr.json").status_code == 200


def test_browsers_may_reach_the_bucket_by_another_name(settings: Settings, image: Image) -> None:
    settings.STORAGE_PRESIGNED = True
    settings.STORAGE_PUBLIC_ENDPOINT = "https://images.example.org"
    assert _asked(image)["Location"].startswith("https://images.example.org/images-")


def test_a_bucket_that_does_not_answer_is_said(settings: Settings, image: Image) -> None:
    settings.STORAGE_ENDPOINT = "http://127.0.0.1:1"
    answer = _asked(image)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_a_stack_and_its_maximum_are_published(bucket: Bucket) -> None:
    waiting = _added(stack_tiff(3), "stack.tif")
    image = _import(say_axes(by=waiting.dataset.created_by, image=waiting, meaning="Z"))
    assert f"images/{image.key}/projection.zarr/zarr.json" in _keys(bucket)
    image.dataset.projection = "max"
    highest = np.max([noise(20, 30, seed=seed) for seed in range(3)], axis=0)
    np.testing.assert_array_equal(open_working(image).read(0, 20, 0, 30)[0], highest)
    client = client_of(image.dataset.created_by)
    assert client.get(f"/api/images/{image.pk}/projection/{CHUNK}").status_code == 200


def test_pages_that_mean_something_else_replace_what_was_there(bucket: Bucket) -> None:
    waiting = _added(stack_tiff(3), "stack.tif")
    by = waiting.dataset.created_by
    image = _import(say_axes(by=by, image=waiting, meaning="Z"))
    image = _import(say_axes(by=by, image=image, meaning="C"))
    assert open_store(storage.place(image.store)).sizes["c"] == 3
    assert not [key for key in _keys(bucket) if "projection" in key]
    chunks = [key for key in _keys(bucket) if f"/image.zarr/{CHUNK[:4]}" in key]
    assert all(len(key.rpartition("/c/")[2].split("/")) == 3 for key in chunks)


def test_an_import_killed_after_it_published_begins_where_it_was(
    bucket: Bucket, image: Image
) -> None:
    before = {key: obstore.head(bucket.objects, key)["last_modified"] for key in _keys(bucket)}
    Image.objects.filter(pk=image.pk).update(state=Image.State.IMPORTING)
    assert _import(image).state == Image.State.READY
    after = {key: obstore.head(bucket.objects, key)["last_modified"] for key in _keys(bucket)}
    assert before == after


def test_a_bucket_that_is_down_costs_the_import_and_not_the_file(
    settings: Settings, bucket: Bucket
) -> None:
    address = settings.STORAGE_ENDPOINT
    image = _added(png(64, 96))
    settings.STORAGE_ENDPOINT = "http://127.0.0.1:1"
    refused = _import(image)
    assert refused.state == Image.State.REFUSED
    assert "the bucket of the images cannot be used" in refused.error
    assert refused.can_be_tried_again
    settings.STORAGE_ENDPOINT = address
    Image.objects.filter(pk=image.pk).update(state=Image.State.IMPORTING, error="")
    assert _import(image).state == Image.State.READY


def test_a_deleted_image_leaves_no_object(
    bucket: Bucket, image: Image, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    other = _import(_added(png(64, 96, seed=2)))
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(by=image.dataset.created_by, image=image)
    tidy_bucket()
    assert not image.folder.exists()
    assert {key.split("/")[1] for key in _keys(bucket)} == {str(other.key)}


def test_a_deleted_data_set_leaves_no_object(
    bucket: Bucket, image: Image, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        delete_dataset(by=image.dataset.created_by, dataset=image.dataset)
    tidy_bucket()
    assert _keys(bucket) == []


def test_an_image_deleted_while_it_is_published_leaves_no_object(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, upload = _added(png(64, 96)), Bucket.upload

    def slow(*args: object, **how: object) -> None:
        upload(*args, **how)  # type: ignore[arg-type]
        Image.objects.filter(pk=image.pk).delete()

    monkeypatch.setattr(Bucket, "upload", slow)
    import_image(image.pk)
    assert (_keys(bucket), image.folder.exists()) == ([], False)


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
