"""ImageJ's regions of interest: one .roi file, or the .zip of the ROI manager."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from roifile import ROI_TYPE, ImagejRoi

from annotations.imaging.errors import ImageRefused
from annotations.imaging.outlines.shapes import MAX_SHAPES, Drawn, Ring, Shape

AREAS = {
    ROI_TYPE.POLYGON,
    ROI_TYPE.RECT,
    ROI_TYPE.OVAL,
    ROI_TYPE.FREEHAND,
    ROI_TYPE.TRACED,
}
# One outline takes some hundred bytes; a traced one of a large image a few hundred thousand.
MAX_ROI_BYTES = 16 * 2**20
MAX_BYTES = 256 * 2**20


def read_rois(path: Path) -> Drawn:
    """Read the areas among the regions of a file; lines, points and angles are passed over.

    Raises:
        ImageRefused: the file holds no region, or a damaged one, or claims too much.
    """
    shapes: list[Shape] = []
    passed_over: list[str] = []
    for name, content in _contents(path):
        shape = _shape(name, content)
        if shape is None:
            passed_over.append(f"{name} is no area.")
        else:
            shapes.append(shape)
    if not shapes and not passed_over:
        raise ImageRefused("The file holds no .roi. Save the regions with ImageJ's ROI Manager.")
    return Drawn(shapes, passed_over)


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > MAX_ROI_BYTES:
            raise ImageRefused("The file is too large for a region of ImageJ.")
        yield "The region", path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".roi")]
        # What the list of contents claims is not exceeded in unpacking: zipfile stops there.
        total = sum(entry.file_size for entry in entries)
        most = max((entry.file_size for entry in entries), default=0)
        if len(entries) > MAX_SHAPES or total > MAX_BYTES or most > MAX_ROI_BYTES:
            raise ImageRefused("The file claims more regions than can be read.")
        for entry in entries:
            yield entry.filename, _unpacked(archive, entry)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except Exception as error:  # zipfile raises anything from BadZipFile to zlib.error
        raise _damaged(entry.filename) from error


def _shape(name: str, content: bytes) -> Shape | None:
    try:
        roi = ImagejRoi.frombytes(content)
        if roi.composite:
            rings = _rings([*roi.coordinates(multi=True)])
        elif roi.roitype in AREAS:
            rings = _rings([np.asarray(roi.coordinates())])
        else:
            return None
    except Exception as error:  # roifile raises anything from ValueError to struct.error
        raise _damaged(name) from error
    return Shape(rings) if rings else None


def _rings(coordinates: list[np.ndarray]) -> tuple[Ring, ...]:
    rings = [np.asarray(ring, dtype=np.float64) for ring in coordinates]
    if not all(np.isfinite(ring).all() for ring in rings):
        raise ValueError("not a number")
    return tuple(ring for ring in rings if len(ring) >= 3)


def _damaged(name: str) -> ImageRefused:
    return ImageRefused(f"{name} cannot be read as a region of ImageJ. Save it again.")
