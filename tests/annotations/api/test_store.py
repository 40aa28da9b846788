"""Reading an image's pixels over HTTP, as a browser does."""

import io
import json
from pathlib import Path

import pytest
from pytest_django import Settings

from annotations.models import Image
from annotations.services.members import remove_member
from tests.factories import make_image, make_member
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db
CHUNK = "0/c/0/0/0"


@pytest.fixture
def image(data_root: Path) -> Image:
    image = make_image(store=True)
    # What a name with dots in it might reach.
    (image.folder / "secret").write_text("secret")
    return image


def _address(image: Image, key: str = "") -> str:
    return f"/api/images/{image.pk}/store/{key}"


@pytest.mark.parametrize("key", ["", "zarr.json"])
def test_the_root_is_described_as_json(image: Image, key: str) -> None:
    answer = client_of(image.dataset.created_by).get(_address(image, key))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    metadata = json.load(io.BytesIO(b"".join(answer)))
    assert metadata["attributes"]["ome"]["version"] == "0.5"


def test_a_chunk_is_sent_byte_for_byte(image: Image) -> None:
    answer = client_of(image.dataset.created_by).get(_address(image, CHUNK))
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer) == (image.store / CHUNK).read_bytes()


@pytest.mark.parametrize("accept", ["*/*", "application/octet-stream", "image/png"])
def test_what_a_program_says_it_accepts_does_not_matter(image: Image, accept: str) -> None:
    client = client_of(image.dataset.created_by)
    assert client.get(_address(image, CHUNK), headers={"accept": accept}).status_code == 200


def test_a_browser_may_keep_a_chunk_for_itself_alone(image: Image) -> None:
    answer = client_of(image.dataset.created_by).get(_address(image, CHUNK))
    assert "private" in answer["Cache-Control"]
    assert "immutable" in answer["Cache-Control"]


def test_a_chunk_that_is_known_is_not_sent_again(image: Image) -> None:
    client = client_of(image.dataset.created_by)
    etag = client.get(_address(image, CHUNK))["ETag"]
    known = client.get(_address(image, CHUNK), headers={"if-none-match": etag})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", etag)
    other = client.get(_address(image, CHUNK), headers={"if-none-match": '"other"'})
    assert other.status_code == 200


def test_asking_for_the_head_sends_no_bytes(image: Image) -> None:
    answer = client_of(image.dataset.created_by).head(_address(image, CHUNK))
    size = (image.store / CHUNK).stat().st_size
    assert (answer.status_code, answer["Content-Length"]) == (200, str(size))
    assert answer.content == b""
    assert answer["ETag"]


def test_an_empty_chunk_is_remembered_as_empty(image: Image) -> None:
    client = client_of(image.dataset.created_by)
    answer = client.get(_address(image, "0/c/9/9/9"))
    assert (answer.status_code, answer["Cache-Control"]) == (404, "private, max-age=3600")
    # What is no chunk may come to be.
    assert "Cache-Control" not in client.get(_address(image, "7/zarr.json"))


def test_a_web_server_before_this_one_may_send_the_bytes(image: Image, settings: Settings) -> None:
    settings.X_ACCEL_REDIRECT = "/protected/"
    client = client_of(image.dataset.created_by)
    answer = client.get(_address(image, CHUNK))
    place = f"/protected/images/{image.key}/image.zarr/{CHUNK}"
    assert (answer["X-Accel-Redirect"], answer.content) == (place, b"")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "immutable" in answer["Cache-Control"]
    known = client.get(_address(image, CHUNK), headers={"if-none-match": answer["ETag"]})
    assert (known.status_code, "X-Accel-Redirect" in known) == (304, False)
    assert client.get(_address(image, "0/c/9/9/9")).status_code == 404
    assert client_of(None).get(_address(image, CHUNK)).status_code == 401


@pytest.mark.parametrize(
    "key",
    [
        "../secret",
        "..%2Fsecret",
        "0/../../secret",
        "0/../zarr.json",
        "./../secret",
        "..",
        "0",
        "0/c",
        "0/",
        "/etc/passwd",
        "//etc/passwd",
        "0/c/9/9/9",
        "%00",
        "zarr.json%00",
        "a" * 3000,
        "..\\secret",
    ],
)
def test_no_other_file_is_reached(image: Image, key: str) -> None:
    answer = client_of(image.dataset.created_by).get(_address(image, key))
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_an_image_that_is_not_ready_has_no_store(data_root: Path) -> None:
    image = make_image(state=Image.State.IMPORTING)
    assert client_of(image.dataset.created_by).get(_address(image)).status_code == 404


def test_who_left_the_project_reads_nothing_any_more(image: Image) -> None:
    member = make_member(project=image.dataset.project)
    client = client_of(member.user)
    etag = client.get(_address(image, CHUNK))["ETag"]
    remove_member(by=member.user, membership=member)
    known = client.get(_address(image, CHUNK), headers={"if-none-match": etag})
    assert known.status_code == 404
