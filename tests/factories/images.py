"""Data sets, images with the files behind them, and files on their way in."""

from typing import Any
from uuid import uuid4

import numpy as np

from annotations.imaging.header import ImageHeader
from annotations.imaging.store.read import open_store
from annotations.imaging.store.write import write_store
from annotations.imaging.thumbnail import write_thumbnail
from annotations.models import Dataset, Image, Project, Upload, User
from tests.factories.people import make_project, numbers

_CHANNEL = {"name": "Channel 1", "colour": "ffffff", "low": 0.0, "high": 1000.0}


def make_dataset(
    *,
    project: Project | None = None,
    name: str = "",
    patch_size: int = 32,
    overlap: int = 0,
    **fields: Any,
) -> Dataset:
    project = project or make_project()
    return Dataset.objects.create(
        project=project,
        name=name or f"Data set {next(numbers)}",
        patch_size=patch_size,
        overlap=overlap,
        created_by=project.created_by,
        **fields,
    )


def make_image(
    *,
    dataset: Dataset | None = None,
    name: str = "",
    height: int = 64,
    width: int = 96,
    state: Image.State = Image.State.READY,
    error: str = "",
    store: bool = False,
    **fields: Any,
) -> Image:
    """An image row of one uint16 channel; with `store`, also the files behind it."""
    dataset = dataset or make_dataset()
    image = Image.objects.create(
        dataset=dataset,
        name=name or f"image{next(numbers)}.tif",
        sha256=uuid4().hex * 2,
        byte_count=height * width * 2,
        state=state,
        error=error,
        height=height,
        width=width,
        dtype="uint16",
        uploaded_by=dataset.created_by,
        **{"channels": [_CHANNEL]} | fields,
    )
    if store:
        write_files(image)
    return image


def make_upload(
    *,
    dataset: Dataset | None = None,
    by: User | None = None,
    name: str = "a.png",
    content: bytes = b"",
    **fields: Any,
) -> Upload:
    """An upload of which `content` is here; announced is as much, unless a test says otherwise."""
    dataset = dataset or make_dataset()
    upload = Upload.objects.create(
        dataset=dataset,
        by=by or dataset.created_by,
        name=name,
        **{"byte_count": len(content)} | fields,
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.write_bytes(content)
    return upload


def write_files(image: Image) -> None:
    """Give an image a store and a thumbnail: a bright disc on noise, the same for every call.

    Of several channels each has half the light of the one before.
    """
    count = len(image.channels)
    planes = np.stack([disc(image.height, image.width) >> number for number in range(count)])
    header = ImageHeader(
        width=image.width,
        height=image.height,
        channels=count,
        dtype="uint16",
        channel_names=tuple(f"Channel {number + 1}" for number in range(count)),
        channel_colours=("FFFFFF",) * count,
        pixel_size_um=image.pixel_size_um,
        is_rgb=False,
        format="tiff",
    )
    image.folder.mkdir(parents=True)
    write_store(planes, image.store, header=header)
    write_thumbnail(
        open_store(image.store),
        image.thumbnail,
        limits=image.limits,
        colours=("FFFFFF",) * count,
        is_rgb=False,
    )


def disc(height: int, width: int) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """(H, W) uint16: about 100 outside, about 900 inside a disc around the centre."""
    y, x = np.mgrid[:height, :width]
    radius = np.hypot(y - height / 2, x - width / 2)
    noise = np.random.default_rng(7).integers(0, 50, (height, width))
    return (np.where(radius < min(height, width) / 4, 900, 100) + noise).astype(np.uint16)
