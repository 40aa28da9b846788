"""Tell a file's format from its first bytes; names lie."""

from pathlib import Path
from typing import Literal

from annotations.imaging.errors import ImageRefused

Kind = Literal["png", "jpeg", "bmp", "webp", "tiff", "czi", "nd2", "lif", "zarr", "tiff-folder"]

_READABLE: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"ZISRAWFILE", "czi"),
    (b"\xda\xce\xbe\x0a", "nd2"),
    (b"\x70\x00\x00\x00", "lif"),
    (b"PK\x03\x04", "zarr"),
)
_FOREIGN = (
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 or old ND2 file", "Fiji"),
    (b"\xd0\xcf\x11\xe0", "an OIB, ZVI or Office file", "Fiji"),
    (b"\x89HDF\r\n", "an HDF5 or Imaris file", "Fiji"),
    (b"GIF8", "a GIF file", "Fiji"),
    (b"RIFF", "a sound or film file", "the program that made it"),
    (b"%PDF", "a PDF document", "the program that made the figure"),
)
_EXTENSIONS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".czi", ".nd2", ".lif"}
READABLE = "PNG, JPEG, BMP, WebP, TIFF, OME-TIFF, OME-Zarr, CZI, ND2 and LIF"


def sniff(path: Path, *, name: str) -> Kind:
    """Say which readable format a file or folder is in, by its content.

    Args:
        path: the file, or a folder: an OME-Zarr image, or the files of one OME-TIFF.
        name: the name it was uploaded with, used for the message only.

    Raises:
        ImageRefused: empty, or in no format that can be read.
    """
    if path.is_dir():
        return _sniff_folder(path)
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        raise ImageRefused("The file is empty (0 bytes). Copy or export it again.")
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "webp"
    for magic, kind in _READABLE:
        if start.startswith(magic):
            return kind
    for magic, what, program in _FOREIGN:
        if start.startswith(magic):
            raise ImageRefused(
                f"This is {what}, which cannot be read. "
                f"Save the image as TIFF or OME-TIFF from {program}."
            )
    raise ImageRefused(_not_an_image(name))


def _sniff_folder(path: Path) -> Kind:
    names = [entry.name.lower() for entry in path.iterdir()]
    if any(name in {"zarr.json", ".zattrs", ".zgroup", ".zarray"} for name in names):
        return "zarr"
    if any(name.endswith((".tif", ".tiff")) for name in names):
        return "tiff-folder"
    raise ImageRefused(
        "The folder is neither an OME-Zarr image nor the files of one OME-TIFF. "
        "Upload the images in it one by one."
    )


def _not_an_image(name: str) -> str:
    extension = Path(name).suffix.lower()
    if extension in _EXTENSIONS:
        return (
            f"The name ends in {extension}, but the content is no {extension[1:].upper()} image; "
            "the file is damaged or was renamed. Export it again from the program that made it."
        )
    return f"This is no image that can be read. {READABLE} are."
