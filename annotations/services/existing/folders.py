"""Data sets made of a folder on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotations.details import cleaned_details
from annotations.errors import Rejected
from annotations.models import Dataset, Project, Role, Upload, User
from annotations.originals import size_of
from annotations.services.access import require_role
from annotations.services.datasets import create_dataset
from annotations.services.images.details import MAX_PROBLEMS, Table, read_table
from annotations.services.images.receiving import clean_file_name
from annotations.services.images.room import check_size, check_space
from annotations.services.projects import create_project
from annotations.services.queueing import READ_UPLOAD, enqueue

PROJECT = "My images"
MAX_FILES = 20_000
BATCH = 1000


@dataclass
class Found:
    """Files of a folder that may be images, tables beside them, and those that were left out, each
    with the reason."""

    files: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def other_tables(self, used: Path | None = None) -> list[str]:
        """A line about each table but the one that is used."""
        others = [path for path in self.tables if used is None or path.resolve() != used.resolve()]
        return [f"{path.name}: a table is no image. Give it as the table." for path in others]


@dataclass(frozen=True)
class Listing:
    """What a folder of the server holds; `path` is empty for the list of all that may be read."""

    path: str
    above: str | None
    folders: list[str]
    files: int


@dataclass(frozen=True)
class Started:
    files: int
    problems: list[str]


@transaction.atomic
def dataset_for_folder(*, by: User, folder: Path, patch_size: int) -> Dataset:
    """The user's data set of this folder's name, made when it is not there yet."""
    mine = Project.objects.visible_to(by).filter(name=PROJECT, created_by=by)
    project = mine.first() or create_project(
        by=by, name=PROJECT, description="Images from folders of this machine."
    )
    name = folder.resolve().name[:120] or "Images"
    found = project.datasets.filter(name=name).first()
    return found or create_dataset(by=by, project=project, name=name, patch_size=patch_size)


def find_images(folder: Path, *, recursive: bool, within: Path | None = None) -> Found:
    """Files that may be images, sorted; an OME-Zarr folder counts as one of them.

    Links to folders are not followed, and with `within` nothing is taken that lies elsewhere.
    """
    found = Found()
    for path in _entries(folder, recursive=recursive):
        if within is not None and not path.resolve().is_relative_to(within):
            found.left_out.append(f"{path.relative_to(folder)}: it leads out of the folder.")
        else:
            (found.tables if path.suffix.lower() == ".csv" else found.files).append(path)
    return found


def list_folder(*, by: User, dataset: Dataset, path: str) -> Listing:
    """Look into a folder of the server, as far as managers may import from it."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    if not path and len(settings.IMPORT_ROOTS) != 1:
        roots = [str(root) for given in settings.IMPORT_ROOTS if (root := Path(given)).is_dir()]
        return Listing(path="", above=None, folders=roots, files=0)
    folder, root = _allowed(path)
    several = len(settings.IMPORT_ROOTS) > 1
    above = ("" if several else None) if folder == root else str(folder.parent)
    with _readable(folder):
        return Listing(
            path=str(folder),
            above=above,
            folders=[str(inner) for inner in _folders(folder)],
            files=len(find_images(folder, recursive=False, within=root).files),
        )


def import_folder(
    *, by: User, dataset: Dataset, path: str, recursive: bool = False, table: bytes | None = None
) -> Started:
    """Have workers import a folder of the server; each file is then among the user's uploads.

    Only folders below IMPORT_ROOTS, and only managers: a folder may hold what is not everybody's.
    """
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    folder, root = _allowed(path)
    details = read_table(table) if table else Table()
    with _readable(folder):
        found = find_images(folder, recursive=recursive, within=root)
    if len(found.files) > MAX_FILES:
        raise Rejected(f"The folder holds more than {MAX_FILES} files; import parts of it.")
    for file in found.files:
        check_size(name=file.name, byte_count=size_of(file))
    total = sum(map(size_of, found.files))
    with transaction.atomic():
        check_space(dataset=dataset, name=folder.name, byte_count=total)
        uploads = [_upload(by, dataset, folder, file, details) for file in found.files]
        Upload.objects.bulk_create(uploads, batch_size=BATCH)
        transaction.on_commit(lambda: _enqueue(uploads))
    used = {name for file in found.files for name in names_in(folder, file)}
    problems = [*found.left_out, *details.problems, *details.without_file(used)]
    if table is None:
        problems += found.other_tables()
    return Started(files=len(uploads), problems=problems[:MAX_PROBLEMS])


def names_in(folder: Path, file: Path) -> tuple[str, str]:
    """What a table may call a file: its path within the folder, or its name alone."""
    return file.relative_to(folder).as_posix(), file.name


def _upload(by: User, dataset: Dataset, folder: Path, file: Path, table: Table) -> Upload:
    details: dict[str, str] = cleaned_details(table.details_of(*names_in(folder, file)))
    upload = Upload(
        dataset=dataset,
        by=by,
        name=clean_file_name(file.name),
        byte_count=size_of(file),
        state=Upload.State.RECEIVED,
        details={**details, "source": str(file.resolve())},
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.touch()
    return upload


def _enqueue(uploads: list[Upload]) -> None:
    for upload in uploads:
        enqueue(READ_UPLOAD, upload.pk)


def _allowed(path: str) -> tuple[Path, Path]:
    """The folder and the root that it lies below, both without links."""
    if not settings.IMPORT_ROOTS:
        raise Rejected(
            "This site imports from no folder of the server. An administrator can name some in "
            "IMPORT_ROOTS.",
            field="path",
        )
    for given in settings.IMPORT_ROOTS:
        root = Path(given).resolve()
        folder = (root / path).resolve() if "\x00" not in path else root.parent
        if folder.is_relative_to(root) and folder.is_dir():
            return folder, root
    raise Rejected(
        f"{path}: there is no such folder among those that this site imports from.", field="path"
    )


def _entries(folder: Path, *, recursive: bool) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if _is_zarr(path):
                yield path
            elif recursive and not path.is_symlink():
                yield from _entries(path, recursive=True)
        elif path.is_file():
            yield path


def _folders(folder: Path) -> list[Path]:
    inner = (path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    return sorted(path for path in inner if not path.name.startswith(".") and not _is_zarr(path))


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Rejected(
            f"{folder.name} cannot be read by the server ({error.strerror}).", field="path"
        ) from error


def _is_zarr(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("zarr.json", ".zattrs", ".zgroup"))
