"""Tell a file's format from its first bytes; names lie."""

from pathlib import Path
from typing import Literal

from annotations.imaging.errors import ImageRefused

Kind = Literal["png", "jpeg", "tiff"]

_READABLE: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_FOREIGN = (
    (b"ZISRAWFILE", "a Zeiss CZI file", "ZEN or Fiji"),
    (b"\xda\xce\xbe\x0a", "a Nikon ND2 file", "NIS-Elements or Fiji"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 or old ND2 file", "Fiji"),
    (b"\x70\x00\x00\x00", "a Leica LIF file", "LAS X or Fiji"),
    (b"\xd0\xcf\x11\xe0", "an OIB, ZVI or Office file", "Fiji"),
    (b"\x89HDF\r\n", "an HDF5 or Imaris file", "Fiji"),
    (b"GIF8", "a GIF file", "Fiji"),
    (b"BM", "a BMP file", "Fiji"),
    (b"RIFF", "a WebP or AVI file", "Fiji"),
    (b"%PDF", "a PDF document", "the program that made the figure"),
    (b"PK\x03\x04", "a ZIP archive or Office document", "the archive, unpacked first"),
)


def sniff(path: Path, *, name: str) -> Kind:
    """Say which readable format a file is in, by its content.

    Args:
        path: the file.
        name: the name it was uploaded with, used for the message only.

    Raises:
        ImageRefused: empty, or neither PNG nor JPEG nor TIFF.
    """
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        raise ImageRefused("The file is empty (0 bytes). Copy or export it again.")
    for magic, kind in _READABLE:
        if start.startswith(magic):
            return kind
    for magic, what, program in _FOREIGN:
        if start.startswith(magic):
            raise ImageRefused(
                f"This is {what}, which cannot be read yet. "
                f"Save the image as TIFF or OME-TIFF from {program}."
            )
    raise ImageRefused(_not_an_image(name))


def _not_an_image(name: str) -> str:
    extension = Path(name).suffix.lower()
    if extension in {".png", ".jpg", ".jpeg", ".tif", ".tiff"}:
        return (
            f"The name ends in {extension}, but the content is no PNG, JPEG or TIFF image; "
            "the file is damaged or was renamed. Export it again from the program that made it."
        )
    return "This is no image that can be read. PNG, JPEG and TIFF (also OME-TIFF) are."
