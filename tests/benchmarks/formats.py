"""Every image file of a folder against its maker's reader.

`python -m tests.benchmarks.formats FOLDER`

Prints a table in Markdown. Every value of every plane is compared with tifffile, czifile, nd2,
liffile or Pillow; 'same' is what is said where all are equal.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import czifile
import liffile
import nd2
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from annotations.imaging.convert import to_stored
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import list_images
from annotations.imaging.opening import open_image

Oracle = Callable[[Path, ImageHeader], NDArray[Any]]

_SUFFIXES = {".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp", ".czi", ".nd2", ".lif"}
_PLACE = "TZCYX"


@dataclass(frozen=True)
class Row:
    """One image of a file and what became of it."""

    file: str
    header: ImageHeader | None
    verdict: str


def compare_folder(folder: Path) -> Iterator[Row]:
    """All images of all files of a folder and those in it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES:
            yield from compare_file(path, str(path.relative_to(folder)))


def compare_file(path: Path, name: str) -> Iterator[Row]:
    try:
        headers = list_images(path, name=path.name)
    except ImageRefused as refusal:
        yield Row(name, None, f"refused: {refusal}")
        return
    for header in headers:
        yield Row(name, header, header.refusal or _verdict(path, header))


def _verdict(path: Path, header: ImageHeader) -> str:
    answer = header.ambiguous[0] if header.ambiguous else None
    expected = _ORACLES[path.suffix.lower()](path, header)
    planes = 0
    with open_image(path, name=path.name, series=header.series, axes=answer) as source:
        header = source.header
        for t, z in product(range(header.frames), range(header.depth)):
            read = source.read(t=t, z=z, y0=0, y1=header.height, x0=0, x1=header.width)
            if not np.array_equal(read, to_stored(expected[t, z])):
                return f"differs at t={t} z={z}"
            planes += header.channels
    same = f"same ({planes} plane{'s' * (planes > 1)})"
    return f"{same}; asks what its pages are" if answer else same


def _arranged(pixels: NDArray[Any], axes: str, header: ImageHeader) -> NDArray[Any]:
    """(T, Z, C, Y, X) of an array whose axes are named."""
    axes = axes.replace("S", "C").replace("Q", "Z").replace("I", "Z")
    order = [axes.index(axis) for axis in _PLACE if axis in axes]
    shape = (header.frames, header.depth, header.channels, header.height, header.width)
    return pixels.transpose(order).reshape(shape)


def _tiff(path: Path, header: ImageHeader) -> NDArray[Any]:
    with tifffile.TiffFile(path) as tiff:
        series = tiff.series[header.series]
        return _arranged(series.asarray(), series.axes, header)


def _picture(path: Path, header: ImageHeader) -> NDArray[Any]:
    pixels = np.asarray(Image.open(path))
    return _arranged(pixels, "YXC"[: pixels.ndim], header)


def _czi(path: Path, header: ImageHeader) -> NDArray[Any]:
    """Subblock by subblock, decoded by czifile where it can, put where it says."""
    with czifile.CziFile(path) as czi:
        entries = [entry for entry in czi.subblock_directory if not entry.pyramid_type]
        starts = [{axis.dimension: axis.start for axis in e.dimension_entries} for e in entries]
        scene = sorted({start.get("S", 0) for start in starts})[header.series]
        chosen = [
            (start, entry)
            for start, entry in zip(starts, entries, strict=True)
            if start.get("S", 0) == scene
        ]
        low = {axis: min(start.get(axis, 0) for start, _ in chosen) for axis in _PLACE}
        shape = (header.frames, header.depth, header.channels, header.height, header.width)
        out = np.zeros(shape, chosen[0][1].dtype)
        for start, entry in sorted(chosen, key=lambda pair: pair[0].get("M", 0)):
            t, z, c, y, x = (start.get(axis, 0) - low[axis] for axis in _PLACE)
            height, width = entry.shape[-3:-1]
            out[t, z, c, y : y + height, x : x + width] = _subblock(entry, (height, width))
    return out


def _subblock(entry: Any, shape: tuple[int, int]) -> NDArray[Any]:
    if entry.compression != 6:
        return np.asarray(entry.data_segment().data()).reshape(shape)
    # czifile does not know this packing: zstd behind a header of 1 or 3 bytes.
    import imagecodecs

    raw = entry.data_segment().data(raw=True)
    values = np.frombuffer(imagecodecs.zstd_decode(raw[raw[0] :]), np.uint8)
    if raw[0] == 3 and raw[2] & 1:
        values = np.ascontiguousarray(values.reshape(2, -1).T)
    pixels: NDArray[Any] = values.view(entry.dtype).reshape(shape)
    return pixels


def _nd2(path: Path, header: ImageHeader) -> NDArray[Any]:
    with nd2.ND2File(path) as file:
        position = header.series if "P" in file.sizes else None
        axes = "".join(axis for axis in file.sizes if axis != "P")
        return _arranged(file.asarray(position).squeeze(), axes, header)


def _lif(path: Path, header: ImageHeader) -> NDArray[Any]:
    with liffile.LifFile(path) as file:
        image = file.images[header.series]
        axes = "".join(image.dims)
        if axes.endswith("ZX"):  # an xz scan: rows are z, and y is what they are stacked over
            axes = axes.replace("Y", "?").replace("Z", "Y").replace("?", "Z")
        return _arranged(image.asarray(), axes, header)


_ORACLES: dict[str, Oracle] = {
    **dict.fromkeys((".tif", ".tiff"), _tiff),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".bmp"), _picture),
    ".czi": _czi,
    ".nd2": _nd2,
    ".lif": _lif,
}


def _cells(row: Row) -> list[str]:
    header = row.header
    if header is None:
        return [row.file, "", "", "", "", "", "", row.verdict]
    size = header.pixel_size_um
    pixel = "not said" if size is None else f"{size[1]:.4g} x {size[0]:.4g}"
    if header.pixel_size_z_um is not None and header.depth > 1:
        pixel += f" x {header.pixel_size_z_um:.4g}"
    name = f" ({header.series_name or header.series + 1})" if header.series_name else ""
    sizes = f"{header.width} x {header.height}"
    sizes += f", {header.depth} z" if header.depth > 1 else ""
    sizes += f", {header.frames} t" if header.frames > 1 else ""
    channels = "RGB" if header.is_rgb else ", ".join(header.channel_names)
    kind = header.format
    return [row.file + name, kind, header.axes, sizes, channels, header.dtype, pixel, row.verdict]


def main() -> None:
    print("| file (image) | format | axes | px | channels | type | pixel size, µm | verdict |")
    print("|" + "---|" * 8)
    for row in compare_folder(Path(sys.argv[1])):
        print("| " + " | ".join(_cells(row)) + " |", flush=True)


if __name__ == "__main__":
    main()
