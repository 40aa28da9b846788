"""The files of one OME-TIFF, side by side in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tifffile import TiffFile

from annotations.imaging.errors import ImageRefused, refusing
from annotations.imaging.ome import file_names, parse_xml, refuse_long
from annotations.imaging.tiff.file import TiffImages, open_tiff

_TIFF = {".tif", ".tiff"}
_DESCRIPTION = {".ome", ".xml"}


def companion_names(path: Path) -> tuple[str, ...]:
    """Names of all files that an OME-TIFF says its images are in, its own included; plain names.

    Empty for a file that is no OME-TIFF or names none. Whoever takes uploads in can wait for all
    of them and put them into one folder, under these names, for `open_image`.

    Raises:
        ImageRefused: a name is no plain file name.
    """
    with refusing("TIFF"):
        names = file_names(_description(path))
    for name in names:
        _check_name(name)
    return tuple(names)


def is_text(name: str) -> bool:
    """Whether a file of this name may be the description of an OME-TIFF (`.companion.ome`)."""
    return Path(name).suffix.lower() in _DESCRIPTION


def described_names(path: Path) -> tuple[str, ...]:
    """Names of the files that a description in a file of its own is about; plain names.

    Empty for a file that is no such description.

    Raises:
        ImageRefused: too long, or a name is no plain file name.
    """
    names = file_names(_text(path))
    for name in names:
        _check_name(name)
    return tuple(names)


@contextmanager
def open_tiff_folder(folder: Path) -> Iterator[TiffImages]:
    """Open the files of one OME-TIFF.

    Raises:
        ImageRefused: names that lead elsewhere, links, missing files, or no OME-TIFF.
    """
    with refusing("TIFF"):
        master, description = _master(folder)
        _check_files(folder, file_names(description))
    with open_tiff(master, description=description) as images:
        yield images


def _master(folder: Path) -> tuple[Path, str]:
    """A TIFF to begin with and the description that names the most files."""
    tiffs, descriptions = [], []
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            raise ImageRefused("The folder holds links or folders, which are never followed.")
        if path.suffix.lower() in _TIFF:
            tiffs.append(path)
            descriptions.append(_description(path))
        elif is_text(path.name):
            descriptions.append(_text(path))
    best = max(descriptions, key=lambda text: len(file_names(text)), default="")
    if not tiffs or not file_names(best):
        raise ImageRefused(
            "The TIFF files do not say that they belong together. Upload each on its own."
        )
    named = [path for path in tiffs if path.name in file_names(best)]
    return (named or tiffs)[0], best


def _check_files(folder: Path, names: list[str]) -> None:
    for name in names:
        _check_name(name)
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise ImageRefused(
            f"The OME-TIFF lacks {len(missing)} of its {len(names)} files: "
            f"{', '.join(missing[:5])}. Upload all of them together."
        )


def _check_name(name: str) -> None:
    if name != Path(name).name or name in {"", ".", ".."} or "\\" in name or "\0" in name:
        raise ImageRefused(
            "The OME-TIFF names files in other folders, which are never opened. "
            "Save it as one single file."
        )


def _description(path: Path) -> str:
    with TiffFile(path, _multifile=False, is_mmstack=False, is_ndtiff=False) as tiff:
        return (tiff.ome_metadata or "") if tiff.is_ome else ""


def _text(path: Path) -> str:
    refuse_long(path.stat().st_size)
    text = path.read_text("utf-8", errors="replace")
    return text if parse_xml(text) is not None else ""
