"""OME-Zarr 0.5 metadata of an image pyramid (https://ngff.openmicroscopy.org/0.5/)."""

from collections.abc import Sequence
from typing import Any

from ome_zarr_models.v05.axes import Axis
from ome_zarr_models.v05.multiscales import Dataset, Multiscale

Metadata = dict[str, Any]
Limits = tuple[float, float]


def image_metadata(
    *,
    name: str,
    level_count: int,
    pixel_size_um: tuple[float, float] | None,
    channels: Sequence[Metadata],
) -> Metadata:
    """The group attribute 'ome' of an image with the axes c, y, x.

    Args:
        name: of the image.
        level_count: arrays '0' (full resolution), '1' (half) ….
        pixel_size_um: (y, x) of level 0; None leaves the axes without a unit.
        channels: as `channel_metadata` makes them. Viv takes names, colours and limits from here.
    """
    multiscale = Multiscale(
        name=name,
        axes=_axes(has_unit=pixel_size_um is not None),
        datasets=tuple(
            _dataset(level, pixel_size_um or (1.0, 1.0)) for level in range(level_count)
        ),
        type="mean",
    )
    return {
        "version": "0.5",
        "multiscales": [multiscale.model_dump(exclude_none=True)],
        "omero": {
            "name": name,
            "channels": list(channels),
            "rdefs": {"model": "color", "defaultT": 0, "defaultZ": 0},
        },
    }


def channel_metadata(*, name: str, colour: str, limits: Limits, extent: Limits) -> Metadata:
    """One entry of 'omero.channels'.

    Args:
        name: shown to people.
        colour: 'RRGGBB'.
        limits: darkest and brightest value to show at first.
        extent: lowest and highest value there can be.
    """
    return {
        "label": name,
        "color": colour,
        "active": True,
        "window": {"start": limits[0], "end": limits[1], "min": extent[0], "max": extent[1]},
    }


def _axes(*, has_unit: bool) -> list[Axis]:
    unit = "micrometer" if has_unit else None
    return [
        Axis(name="c", type="channel"),
        Axis(name="y", type="space", unit=unit),
        Axis(name="x", type="space", unit=unit),
    ]


def _dataset(level: int, pixel_size: tuple[float, float]) -> Dataset:
    factor = float(2**level)
    return Dataset.build(
        path=str(level),
        scale=[1.0, pixel_size[0] * factor, pixel_size[1] * factor],
        # The centre of a coarser pixel lies between those of the finer ones.
        translation=[0.0, pixel_size[0] * (factor - 1) / 2, pixel_size[1] * (factor - 1) / 2],
    )
