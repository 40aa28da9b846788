"""One zip with everything a person takes home, and a README.txt that says what is what."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from annotations.imaging.whole import whole_file
from inference.export.names import UniqueNames, safe_name

# Already packed, or too random to pack: only stored.
_STORED = {".safetensors", ".parquet", ".png", ".jpg", ".zip"}
_README = "README.txt"


class Bundle:
    """A zip being written, one file at a time. Made by `write_bundle`."""

    def __init__(self, archive: zipfile.ZipFile, scratch: Path) -> None:
        self._archive = archive
        self._scratch = scratch
        self._names = UniqueNames()
        self._names.take(_README)
        self._about: dict[str, str] = {}

    def add(
        self, stem: str, suffix: str, write: Callable[[Path], object], *, folder: str = ""
    ) -> str:
        """Let `write` make a file at a path it is given, and pack it.

        Args:
            stem: name without suffix, as people know it; made safe and unique here.
            suffix: '.tif', '.csv' ….
            write: called once with a path that does not exist yet.
            folder: within the zip, '/' between levels.

        Returns:
            The name within the zip.
        """
        scratch = self._scratch / f"file{suffix}"
        try:
            write(scratch)
            return self.add_file(scratch, stem, suffix, folder=folder)
        finally:
            scratch.unlink(missing_ok=True)

    def add_file(self, source: Path, stem: str, suffix: str, *, folder: str = "") -> str:
        """Pack a file that exists; `stem`, `suffix` and `folder` as for `add`."""
        parts = [safe_name(part) for part in folder.split("/") if part]
        inside = self._names.take("/".join([*parts, safe_name(stem)]), suffix)
        packing = zipfile.ZIP_STORED if suffix in _STORED else zipfile.ZIP_DEFLATED
        self._archive.write(source, inside, compress_type=packing)
        return inside

    def describe(self, what: str, meaning: str) -> None:
        """Add a paragraph to README.txt: a file or folder, and what it holds."""
        self._about[what] = meaning

    def write_readme(self, title: str) -> None:
        """Write README.txt from the paragraphs; called by `write_bundle` at the end."""
        paragraphs = [title, *(f"{what}\n    {text}" for what, text in self._about.items())]
        self._archive.writestr(
            _README, "\n\n".join(paragraphs) + "\n", compress_type=zipfile.ZIP_DEFLATED
        )


@contextmanager
def write_bundle(path: Path, *, title: str) -> Iterator[Bundle]:
    """Write a zip that appears at `path` whole, or not at all when anything is raised.

    Files are streamed; no more than one uncompressed file lies beside the zip at a time.

    Args:
        path: of the zip; one that is there is replaced.
        title: the first lines of README.txt.
    """
    with (
        whole_file(path) as temporary,
        TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as scratch,
        zipfile.ZipFile(temporary, "w", allowZip64=True) as archive,
    ):
        bundle = Bundle(archive, Path(scratch))
        yield bundle
        bundle.write_readme(title)
