"""Uploading, listing and deleting images over HTTP."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.models import Dataset, Image
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_structure,
)
from tests.support.clients import client_of
from tests.support.pictures import fiji_tiff, png, png_that_claims, tiff_that_claims
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset(patch_size=32)


def _upload(dataset: Dataset, content: bytes, name: str = "a.png") -> Any:
    file = SimpleUploadedFile(name, content)
    client = client_of(dataset.created_by)
    return client.post(f"/api/datasets/{dataset.pk}/images/", {"file": file})


def test_an_uploaded_image_is_shown_at_once(dataset: Dataset) -> None:
    planes = np.arange(2 * 33 * 65, dtype=np.uint16).reshape(2, 33, 65)
    answer = _upload(dataset, fiji_tiff(planes, um_per_px=0.5), "cells.tif")
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    expected = {
        "dataset": dataset.pk, "name": "cells.tif", "state": "importing", "error": "",
        "height": 33, "width": 65, "dtype": "uint16", "is_rgb": False,
        "rows": 2, "columns": 3, "patch_size": 32, "split": "", "store": None, "thumbnail": None,
    }  # fmt: skip
    assert {key: shown[key] for key in expected} == expected
    assert shown["pixel_size_um"] == pytest.approx([0.5, 0.5], rel=1e-4)
    assert [sorted(channel) for channel in shown["channels"]] == [["colour", "name"]] * 2
    client = client_of(dataset.created_by)
    assert client.get(f"/api/datasets/{dataset.pk}/images/").json() == [shown]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.png", "empty"),
        (b"Dear diary", "a.txt", "no image"),
        (b"Dear diary", "a.png", "renamed"),
        (b"PK\x03\x04 and more", "cells.tif", "ZIP|zip|damaged"),
        (png()[:30], "a.png", "damaged|cut off|PNG"),
        (png_that_claims(100_000, 100_000), "a.png", "20,000 x 20,000"),
        (tiff_that_claims(100_000, 100_000), "a.tif", "100,000 x 100,000|cut short"),
    ],
    ids=["empty", "text", "renamed", "archive", "truncated", "a huge PNG", "a huge TIFF"],
)
def test_a_refused_file_is_named_with_the_reason(
    dataset: Dataset, files: Path, content: bytes, name: str, reason: str
) -> None:
    answer = _upload(dataset, content, name)
    assert answer.status_code == 400
    detail = answer.json()["detail"]
    assert detail.startswith(f"{name}: ")
    assert any(part in detail for part in reason.split("|")), detail
    assert not Image.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_the_other_files_of_a_drop_go_on(dataset: Dataset) -> None:
    codes = [
        _upload(dataset, content, name).status_code
        for content, name in ((png(seed=1), "a.png"), (b"", "b.png"), (png(seed=2), "c.png"))
    ]
    assert codes == [201, 400, 201]
    assert list(dataset.images.values_list("name", flat=True)) == ["a.png", "c.png"]


def test_the_same_bytes_are_a_conflict_that_names_the_twin(dataset: Dataset) -> None:
    _upload(dataset, png(), "a.png")
    answer = _upload(dataset, png(), "b.png")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "b.png: this image is here already, as a.png."
    assert dataset.images.count() == 1


@pytest.mark.parametrize("name", ["../../../etc/cron.d/a.png", "..\\..\\a.png", "/tmp/a.png"])
def test_a_name_cannot_leave_its_folder(dataset: Dataset, files: Path, name: str) -> None:
    answer = _upload(dataset, png(), name)
    assert (answer.status_code, answer.json()["name"]) == (201, "a.png")
    image = Image.objects.get()
    assert [path for path in files.rglob("*") if path.is_file()] == [image.original]


@pytest.mark.parametrize("body", [{}, {"file": "text"}, {"image": SimpleUploadedFile("a", b"x")}])
def test_an_upload_without_a_file_says_so(dataset: Dataset, body: dict[str, Any]) -> None:
    client = client_of(dataset.created_by)
    answer = client.post(f"/api/datasets/{dataset.pk}/images/", body)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("file: ")


def test_an_image_knows_its_neighbours_and_ones_own_answers(dataset: Dataset) -> None:
    first, second, third = (make_image(dataset=dataset, name=f"{n}.tif") for n in "abc")
    make_image(dataset=dataset, name="b2.tif", state=Image.State.IMPORTING)
    rings, fibres = (make_structure(project=dataset.project) for _ in range(2))
    me, other = dataset.created_by, make_member(project=dataset.project).user
    for structure, annotator, column in ((rings, me, 0), (rings, me, 1), (fibres, other, 0)):
        make_label(image=second, structure=structure, annotator=annotator, column=column)
    shown = client_of(me).get(f"/api/images/{second.pk}/").json()
    assert (shown["previous"], shown["next"]) == (first.pk, third.pk)
    assert shown["labelled"] == {str(rings.pk): 2}
    edge = client_of(me).get(f"/api/images/{first.pk}/").json()
    assert (edge["previous"], edge["next"]) == (None, second.pk)


def test_a_ready_image_names_its_files(dataset: Dataset) -> None:
    image = make_image(dataset=dataset, store=True)
    client = client_of(dataset.created_by)
    shown = client.get(f"/api/images/{image.pk}/").json()
    assert shown["store"] == f"/api/images/{image.pk}/store/"
    assert shown["channels"][0] | {"low": 0.0, "high": 1000.0} == shown["channels"][0]
    thumbnail = client.get(shown["thumbnail"], headers={"accept": "image/png"})
    assert (thumbnail.status_code, thumbnail["Content-Type"]) == (200, "image/png")
    assert b"".join(thumbnail).startswith(b"\x89PNG")


def test_a_refused_image_says_why_and_names_no_files(dataset: Dataset) -> None:
    image = make_image(dataset=dataset, state=Image.State.REFUSED, error="The file is empty.")
    shown = client_of(dataset.created_by).get(f"/api/images/{image.pk}/").json()
    assert (shown["state"], shown["error"]) == ("refused", "The file is empty.")
    assert (shown["store"], shown["thumbnail"]) == (None, None)


def test_a_longer_list_takes_no_more_queries(dataset: Dataset) -> None:
    client = client_of(dataset.created_by)
    address = reverse("api-images", args=[dataset.pk])
    counts = []
    for expected in (2, 20):
        while dataset.images.count() < expected:
            make_image(dataset=dataset)
        rows, count = queries_of(client, address)
        assert rows == expected
        counts.append(count)
    assert counts[0] == counts[1]
