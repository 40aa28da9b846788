"""Keys of a store in a bucket, to those who may see it."""

import json

import pytest
import requests
from pytest_django import Settings

from annotations.bucket import Bucket
from annotations.models import Image
from tests.annotations.storage.stored import CHUNK, asked
from tests.factories import make_user
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def test_a_chunk_goes_over_http_with_an_etag_and_is_not_sent_again(
    bucket: Bucket, image: Image
) -> None:
    answer = asked(image)
    kept = bucket.get(f"images/{image.key}/image.zarr/{CHUNK}")
    assert kept is not None
    assert (answer.status_code, answer.content) == (200, kept.content)
    assert answer["Content-Type"] == "application/octet-stream"
    assert "private" in answer["Cache-Control"]
    assert "immutable" in answer["Cache-Control"]
    known = asked(image, **{"if-none-match": answer["ETag"]})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", answer["ETag"])
    other = asked(image, **{"if-none-match": '"other"'})
    assert (other.status_code, other.content) == (200, kept.content)


def test_asking_for_the_head_sends_no_bytes(image: Image) -> None:
    whole, head = asked(image), asked(image, method="head")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


def test_metadata_are_json(image: Image) -> None:
    answer = asked(image, "zarr.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert json.loads(answer.content)["attributes"]["ome"]["version"] == "0.5"


def test_an_empty_chunk_is_remembered_as_empty_and_what_is_no_chunk_is_not(image: Image) -> None:
    empty = asked(image, "0/c/9/9/9")
    assert (empty.status_code, empty["Cache-Control"]) == (404, "private, max-age=3600")
    assert "Cache-Control" not in asked(image, "7/zarr.json")


@pytest.mark.parametrize("key", ["../original", "0/../../original", "..%2Foriginal", "0", "0/c"])
def test_nothing_else_in_the_bucket_is_reached(image: Image, key: str) -> None:
    assert asked(image, key).status_code == 404


@pytest.mark.parametrize("presigned", [False, True])
def test_a_stranger_gets_nothing(settings: Settings, image: Image, presigned: bool) -> None:
    settings.STORAGE_PRESIGNED = presigned
    address = f"/api/images/{image.pk}/store/{CHUNK}"
    assert client_of(make_user()).get(address).status_code == 404
    assert client_of(None).get(address).status_code == 401


def test_a_browser_is_sent_to_the_bucket_with_an_address_that_holds_for_minutes(
    settings: Settings, bucket_server: str, image: Image
) -> None:
    content = asked(image).content
    settings.STORAGE_PRESIGNED = True
    answer = asked(image)
    assert answer.status_code == 302
    assert answer["Location"].startswith(bucket_server)
    assert "X-Amz-Expires=600" in answer["Location"]
    assert answer["Cache-Control"] == "private, max-age=300"
    fetched = requests.get(answer["Location"], timeout=10)
    assert (fetched.status_code, fetched.content) == (200, content)
    # A reader takes what the bucket lacks for an empty chunk.
    lacking = requests.get(asked(image, "0/c/9/9/9")["Location"], timeout=10)
    assert lacking.status_code == 404
    assert asked(image, "zarr.json").status_code == 200


def test_browsers_may_reach_the_bucket_by_another_name(settings: Settings, image: Image) -> None:
    settings.STORAGE_PRESIGNED = True
    settings.STORAGE_PUBLIC_ENDPOINT = "https://images.example.org"
    assert asked(image)["Location"].startswith("https://images.example.org/images-")


def test_a_bucket_that_does_not_answer_is_said(settings: Settings, image: Image) -> None:
    settings.STORAGE_ENDPOINT = "http://127.0.0.1:1"
    answer = asked(image)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
