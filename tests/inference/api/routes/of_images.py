"""Addresses of images: how they arrive, what they are and how they look."""

from shutil import copytree
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.models import Image
from tests.factories import make_image
from tests.inference.api.case import Case
from tests.inference.api.routes.shared import name, of_dataset, of_image
from tests.inference.api.world import World
from tests.support.pictures import png, stack_tiff


def _chunk(world: World) -> tuple[Any, ...]:
    return (world.image.pk, "0/c/0/0/0")


def _waiting(world: World) -> tuple[Any, ...]:
    """An image of pages that nothing explains."""
    return _with_original(world, Image.State.WAITING, "")


def _kept(world: World) -> tuple[Any, ...]:
    """An image that was refused for the server's sake."""
    return _with_original(world, Image.State.REFUSED, "The disk is full.")


def _with_original(world: World, state: Image.State, error: str) -> tuple[Any, ...]:
    image = make_image(dataset=world.dataset, state=state, error=error)
    image.folder.mkdir(parents=True)
    image.original.write_bytes(stack_tiff(3))
    return (image.pk,)


def _projection(world: World) -> tuple[Any, ...]:
    if world.image.store.exists() and not world.image.projection.exists():
        copytree(world.image.store, world.image.projection)
    return of_image(world)


def _projection_chunk(world: World) -> tuple[Any, ...]:
    return (*_projection(world), "0/c/0/0/0")


def _planes(_: World) -> dict[str, Any]:
    return {"meaning": "Z"}


def _details(_: World) -> dict[str, Any]:
    return {"table": SimpleUploadedFile("table.csv", b"file,condition\na.png,drug\n")}


def _folder(_: World) -> dict[str, Any]:
    return {"path": "files"}


def _plan(_: World) -> dict[str, Any]:
    return {"files": [["a.png", 10, 0]]}


def _file(_: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("a.png", png())}


def _display(_: World) -> dict[str, Any]:
    channel = {"name": "DAPI", "colour": "0000ff", "visible": True, "low": 1, "high": 9, "gamma": 1}
    return {"channels": [channel]}


IMAGE_CASES = (
    Case("get", "api-display", of_dataset, "viewer"),
    Case("put", "api-display", of_dataset, "viewer", body=_display),
    Case("get", "api-images", of_dataset, "viewer"),
    Case("post", "api-images", of_dataset, "annotator", 201, body=_file, multipart=True),
    Case("get", "api-image", of_image, "viewer"),
    Case("delete", "api-image", of_image, "manager", 204),
    Case("get", "api-image-thumbnail", of_image, "viewer", files=True),
    Case("get", "api-image-store-root", of_image, "viewer", files=True),
    Case("get", "api-image-store", _chunk, "viewer", files=True),
    Case("patch", "api-image", of_image, "annotator", body=name),
    Case("get", "api-image-projection-root", _projection, "viewer", files=True),
    Case("get", "api-image-projection", _projection_chunk, "viewer", files=True),
    Case("post", "api-image-retry", _kept, "annotator"),
    Case("post", "api-image-axes", _waiting, "annotator", body=_planes),
    Case("post", "api-dataset-axes", of_dataset, "annotator", body=_planes),
    Case("get", "api-uploads", of_dataset, "viewer"),
    Case(
        "post",
        "api-uploads",
        of_dataset,
        "annotator",
        201,
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"},
    ),
    Case("post", "api-upload-plan", of_dataset, "annotator", body=_plan),
    Case("get", "api-arriving", of_dataset, "viewer"),
    Case("delete", "api-arriving", of_dataset, "annotator"),
    Case("get", "api-overview", of_dataset, "viewer"),
    Case("get", "api-folder", of_dataset, "manager", query="?path=files"),
    Case("post", "api-details", of_dataset, "annotator", body=_details, multipart=True),
    Case("post", "api-folder", of_dataset, "manager", 202, body=_folder),
)
