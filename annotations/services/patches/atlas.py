"""Pictures of patches of many images, drawn as the person who asks sees the images."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from annotations import storage
from annotations.errors import Rejected
from annotations.imaging.view import View
from annotations.models import Dataset, Image, Role, User
from annotations.services.access import require_role
from annotations.services.display import ChannelDisplay, display_of
from annotations.services.sheets import Place
from annotations.services.working import open_working, working_channels, working_view

if TYPE_CHECKING:
    from annotations.imaging.atlas import Look, Picture
    from annotations.imaging.store.read import Store

MOST_CELLS = 100
SMALLEST, LARGEST = 16, 512
COLUMNS = 10


def look_of(*, by: User, dataset: Dataset) -> str:
    """A short name of how the person sees this data set: it changes when patches look different."""
    display = display_of(by=by, dataset=dataset).channels
    known = json.dumps([display, _view_fields(dataset), dataset.patch_size, dataset.overlap])
    return sha256(known.encode()).hexdigest()[:12]


def draw_atlas(*, by: User, dataset: Dataset, places: Sequence[Place], size: int) -> bytes:
    """Patches of images of a data set as one WebP, 10 in a row in the order they are asked for.

    A patch that is there no longer stays black, so that its neighbours can still be seen.
    """
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    if not 1 <= len(places) <= MOST_CELLS:
        raise Rejected(f"Ask for 1 to {MOST_CELLS} patches at a time.", field="cells")
    if not SMALLEST <= size <= LARGEST:
        raise Rejected(f"The size is between {SMALLEST} and {LARGEST} px.", field="size")
    from annotations.imaging.atlas import join

    display = display_of(by=by, dataset=dataset).channels
    wanted = {place.image for place in places}
    images = dataset.images.ready().filter(pk__in=wanted).select_related("dataset")
    drawn: dict[Place, Picture] = {}
    for image in images:
        drawn |= _drawn(
            image, [place for place in places if place.image == image.pk], size, display
        )
    return join([drawn.get(place) for place in places], size=size, columns=COLUMNS)


def _drawn(
    image: Image, places: list[Place], size: int, display: Sequence[ChannelDisplay]
) -> dict[Place, Picture]:
    from annotations.imaging.atlas import draw_patches

    grid = image.grid
    cells = [
        (place.row, place.column) for place in places if grid.contains(place.row, place.column)
    ]
    store, looks = _seen(image, display)
    drawn = draw_patches(store, grid, cells, size=size, looks=looks)
    return {Place(image.pk, *cell): picture for cell, picture in drawn.items()}


def _seen(image: Image, display: Sequence[ChannelDisplay]) -> tuple[Store, list[Look] | None]:
    """The channels that the person has made visible, or those of the data set's working view."""
    from annotations.imaging.atlas import Look

    view = working_view(image.dataset)
    if image.is_rgb:
        return _opened(image, view), None
    own = [
        (number, kept)
        for number, (channel, kept) in enumerate(zip(image.channels, display, strict=False))
        # Kept from images of other channels, it says nothing about this one.
        if kept["visible"] and kept["name"] == channel["name"]
    ]
    if not own:
        looks = [
            Look(channel["colour"].lstrip("#"), channel["low"], channel["high"])
            for channel in working_channels(image)
        ]
        return _opened(image, view), looks
    looks = [Look(kept["colour"], kept["low"], kept["high"], kept["gamma"]) for _, kept in own]
    shown = tuple(number for number, _ in own)
    return _opened(image, View(view.projection, view.z, view.t, shown)), looks


def _opened(image: Image, view: View) -> Store:
    """Kept open until it is written anew: opening costs more than reading a patch."""
    return _open(image.pk, storage.version(image.store), view)


@lru_cache(maxsize=256)
def _open(pk: int, _version: str, view: View) -> Store:
    image = Image.objects.select_related("dataset").get(pk=pk)
    return open_working(image).viewed(view)


def _view_fields(dataset: Dataset) -> list[object]:
    return [dataset.projection, dataset.plane_z, dataset.plane_t, dataset.used_channels]
