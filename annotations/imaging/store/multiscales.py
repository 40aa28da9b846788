"""OME-Zarr 0.5 metadata of an image pyramid (https://ngff.openmicroscopy.org/0.5/)."""

from collections.abc import Mapping, Sequence
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
    axes: str = "cyx",
    pixel_size_z_um: float | None = None,
    interval_s: float | None = None,
    depth: int = 1,
) -> Metadata:
    """The group attribute 'ome' of an image.

    Args:
        name: of the image.
        level_count: arrays '0' (full resolution), '1' (half) ….
        pixel_size_um: (y, x) of level 0; None leaves the axes without a unit.
        channels: as `channel_metadata` makes them. Viv takes names, colours and limits from here.
        axes: those of t, c, z, y, x that the arrays have.
        pixel_size_z_um: distance of two z planes, or None.
        interval_s: time from one time point to the next, or None.
        depth: z planes; the middle one is shown first.
    """
    y_um, x_um = pixel_size_um or (None, None)
    steps = {"t": interval_s, "z": pixel_size_z_um, "y": y_um, "x": x_um}
    multiscale = Multiscale(
        name=name,
        axes=[_axis(axis, has_unit=steps.get(axis) is not None) for axis in axes],
        datasets=tuple(_dataset(level, axes, steps) for level in range(level_count)),
        type="mean",
    )
    return {
        "version": "0.5",
        "multiscales": [multiscale.model_dump(exclude_none=True)],
        "omero": {
            "name": name,
            "channels": list(channels),
            "rdefs": {"model": "color", "defaultT": 0, "defaultZ": depth // 2},
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


def _axis(axis: str, *, has_unit: bool) -> Axis:
    if axis == "c":
        return Axis(name="c", type="channel")
    if axis == "t":
        return Axis(name="t", type="time", unit="second" if has_unit else None)
    return Axis(name=axis, type="space", unit="micrometer" if has_unit else None)


def _dataset(level: int, axes: str, steps: Mapping[str, float | None]) -> Dataset:
    """Where the pixels of a level are; only y and x are halved from level to level."""
    factor = 2.0**level
    sides = {axis: steps.get(axis) or 1.0 for axis in axes}
    return Dataset.build(
        path=str(level),
        scale=[side * factor if axis in "yx" else side for axis, side in sides.items()],
        # The centre of a coarser pixel lies between those of the finer ones.
        translation=[
            side * (factor - 1) / 2 if axis in "yx" else 0.0 for axis, side in sides.items()
        ],
    )
