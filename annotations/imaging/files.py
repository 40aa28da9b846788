"""Open any image file by its content."""

from contextlib import AbstractContextManager
from pathlib import Path

from annotations.imaging.picture import open_picture
from annotations.imaging.raw import ImageFile
from annotations.imaging.sniff import sniff
from annotations.imaging.tiff.file import open_tiff
from annotations.imaging.tiff.folder import open_tiff_folder


def open_file(path: Path, *, name: str) -> AbstractContextManager[ImageFile]:
    """The images of a file or folder, in the file's own numbers.

    The readers of makers' formats are loaded when a file needs them: they take a second.

    Raises:
        ImageRefused: when entered: no readable format, or damaged.
    """
    kind = sniff(path, name=name)
    if kind in ("png", "jpeg", "bmp", "webp"):
        return open_picture(path, kind)
    if kind == "tiff":
        return open_tiff(path)
    if kind == "czi":
        from annotations.imaging.czi.file import open_czi

        return open_czi(path)
    if kind == "nd2":
        from annotations.imaging.nd2.file import open_nd2

        return open_nd2(path)
    if kind == "lif":
        from annotations.imaging.lif import open_lif

        return open_lif(path)
    if kind == "zarr":
        from annotations.imaging.ome_zarr.file import open_ome_zarr

        return open_ome_zarr(path)
    return open_tiff_folder(path)
