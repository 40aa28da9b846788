"""What the metadata of an OME-Zarr image say of it."""

from typing import Any

from annotations.imaging.axes import Axes
from annotations.imaging.errors import ImageRefused, damaged
from annotations.imaging.header import ImageHeader, default_colours, default_names, stored_dtype
from annotations.imaging.ome_zarr.array import ZarrArray
from annotations.imaging.tiff.pixel_size import length_um, seconds


def axis_names(described: dict[str, Any], count: int) -> list[str]:
    """Names of the axes; the first versions had five, always these."""
    axes = described.get("axes") or list("tczyx")[-count:]
    names = [axis["name"] if isinstance(axis, dict) else str(axis) for axis in axes]
    if len(names) != count:
        raise ImageRefused(damaged("OME-Zarr"))
    return [name.lower() for name in names]


def header_of(
    attributes: dict[str, Any],
    level: dict[str, Any],
    names: list[str],
    axes: Axes,
    array: ZarrArray,
    series: int,
) -> ImageHeader:
    described = attributes["multiscales"][0]
    scale = _scales(described, level, names)
    y, x = scale.get("y", _UNKNOWN), scale.get("x", _UNKNOWN)
    size = (length_um(*y), length_um(*x))
    channels = axes.lengths["C"]
    shown = _shown(attributes, channels)
    return ImageHeader(
        width=array.shape[-1],
        height=array.shape[-2],
        channels=channels,
        dtype=stored_dtype(array.dtype).name,
        channel_names=tuple(
            name or spare for (name, _), spare in zip(shown, default_names(channels), strict=True)
        ),
        channel_colours=tuple(
            colour or spare
            for (_, colour), spare in zip(shown, default_colours(channels), strict=True)
        ),
        pixel_size_um=None if size[0] is None or size[1] is None else (size[0], size[1]),
        is_rgb=False,
        format="OME-Zarr",
        depth=axes.lengths["Z"],
        frames=axes.lengths["T"],
        axes=axes.names + "YX",
        ambiguous=axes.ambiguous,
        pixel_size_z_um=length_um(*scale.get("z", _UNKNOWN)),
        interval_s=seconds(*scale.get("t", _UNKNOWN)) if axes.lengths["T"] > 1 else None,
        series=series,
        series_name=str(described.get("name") or ""),
    )


_UNKNOWN: tuple[float | None, str] = (None, "")


def _scales(
    described: dict[str, Any], level: dict[str, Any], names: list[str]
) -> dict[str, tuple[float | None, str]]:
    """Per axis the size of a step in full resolution, and its unit ('' where not said)."""
    steps = [1.0] * len(names)
    found = False
    for transform in [
        *(level.get("coordinateTransformations") or []),
        *(described.get("coordinateTransformations") or []),
    ]:
        scale = transform.get("scale")
        if transform.get("type") == "scale" and isinstance(scale, list):
            steps = [step * float(by) for step, by in zip(steps, scale, strict=True)]
            found = True
    if not found:
        return {}
    axes = described.get("axes") or []
    units = [str(axis.get("unit") or "") if isinstance(axis, dict) else "" for axis in axes]
    return {name: (step, unit) for name, step, unit in zip(names, steps, units, strict=True)}


def _shown(attributes: dict[str, Any], channels: int) -> list[tuple[str, str]]:
    """(name, colour) of each channel, '' where not said."""
    omero = attributes.get("omero") or {}
    found = [
        (str(channel.get("label") or "").strip(), _colour(channel.get("color")))
        for channel in omero.get("channels") or []
    ]
    return found if len(found) == channels else [("", "")] * channels


def _colour(value: Any) -> str:
    text = str(value or "").lstrip("#").upper()
    return text if len(text) == 6 and set(text) <= set("0123456789ABCDEF") else ""
