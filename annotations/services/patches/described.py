"""What the patches of an image are like in numbers, kept in a file beside the image."""

from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.descriptors import VERSION, describe_patches
from annotations.imaging.whole import whole_file
from annotations.models import Image
from annotations.services.working import WorkingViewRefused, open_working, working_limits

Features = NDArray[np.float16]


def described(image: Image) -> Features | None:
    """As `features`; None if the image has no store or cannot be seen as its data set wants."""
    try:
        return features(image)
    except (FileNotFoundError, WorkingViewRefused):
        return None


def features(image: Image) -> Features:
    """(patches, features), row by row: as they are kept, or made where they are missing.

    Raises:
        FileNotFoundError: the image has no store.
        WorkingViewRefused: the data set works on a channel that the image does not have.
    """
    path = features_file(image)
    if not path.is_file():
        _describe(image, path)
    kept: Features = np.load(path)
    return kept


def _describe(image: Image, path: Path) -> None:
    made = describe_patches(open_working(image), image.grid, working_limits(image))
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.save(file, made)


def features_file(image: Image) -> Path:
    """Where they are kept, or will be: named for everything that the numbers depend on."""
    dataset = image.dataset
    # A data set that was just made has a choice there, one from the database its text.
    view = (str(dataset.projection), dataset.plane_z, dataset.plane_t, dataset.used_channels)
    grid = (dataset.patch_size, dataset.overlap)
    known = repr((VERSION, *grid, view, working_limits(image)))
    return image.folder / f"patches-{sha256(known.encode()).hexdigest()[:16]}.npy"
