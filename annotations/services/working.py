"""What of an image is labelled, trained on and segmented: its data set's working view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from annotations import storage
from annotations.errors import Rejected
from annotations.imaging.view import NoSuchChannel, View
from annotations.models import Dataset, Image
from annotations.models.dataset import Projection

if TYPE_CHECKING:
    # zarr is heavy, and the web process asks for views and channels far more often than for pixels.
    from annotations.imaging.store.read import Store

Limits = tuple[float, float]


class WorkingViewRefused(Rejected):
    """An image cannot be seen the way that its data set asks for."""


def working_view(dataset: Dataset) -> View:
    """The view of every image of a data set."""
    return View(
        projection="max" if dataset.projection == Projection.MAX else "plane",
        z=dataset.plane_z,
        t=dataset.plane_t,
        channels=tuple(dataset.used_channels),
    )


def open_working(image: Image) -> Store:
    """The image's store, seen as its data set's working view.

    Raises:
        FileNotFoundError: the image has no store.
        WorkingViewRefused: the data set works on a channel that the image does not have.
    """
    from annotations.imaging.store.read import open_store

    try:
        return open_store(storage.place(image.store)).viewed(working_view(image.dataset))
    except NoSuchChannel as missing:
        raise _refused(image, missing) from missing


def working_channels(image: Image) -> list[dict[str, Any]]:
    """Name, colour, low and high of the channels that the working view shows, in its order.

    Raises:
        WorkingViewRefused: the data set works on a channel that the image does not have.
    """
    channels = cast(list[dict[str, Any]], image.channels)
    try:
        chosen = working_view(image.dataset).channels_of(len(channels))
    except NoSuchChannel as missing:
        raise _refused(image, missing) from missing
    return [channels[index] for index in chosen]


def working_limits(image: Image) -> list[Limits]:
    """Normalisation range (low, high) of the same channels, in the image's own units.

    That of a maximum over z is the projection's, which is brighter than its planes.

    Raises:
        WorkingViewRefused: the data set works on a channel that the image does not have.
    """
    if image.dataset.projection == Projection.MAX and image.size_z > 1:
        return open_working(image).limits
    return [(channel["low"], channel["high"]) for channel in working_channels(image)]


def _refused(image: Image, missing: NoSuchChannel) -> WorkingViewRefused:
    return WorkingViewRefused(
        f"{image.name}: {missing} Choose the channels of the data set anew, or move this image "
        "to another data set."
    )
