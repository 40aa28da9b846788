"""`manage.py import_images FOLDER`: the images of a folder into a data set that is there."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.errors import Rejected
from annotations.management.importing import FolderImport, existing, owner
from annotations.models import Dataset, Project, User
from annotations.services.datasets import create_dataset
from annotations.services.existing.folders import find_images
from annotations.services.images.details import Table, read_table


class Command(BaseCommand):
    help = (
        "Import the images of a folder into a data set. A second time, only new files are added. "
        "The site's workers do the rest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--dataset", type=int, help="its number, as in its address")
        where.add_argument("--project", type=int, help="make a data set of the folder's name there")
        parser.add_argument("--user", help="user name of who imports; default: the first account")
        parser.add_argument("--patch-size", type=int, default=64, help="of a new one; default: 64")
        parser.add_argument("--recursive", action="store_true", help="folders within it too")
        parser.add_argument(
            "--sidecar", type=Path, help="CSV with the columns file, condition, well, replicate"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = existing(options["folder"])
        user = owner(options["user"])
        try:
            table = _table(options["sidecar"])
            dataset = _dataset(user, folder, options)
        except Rejected as rejection:
            raise CommandError(rejection.message) from rejection
        found = find_images(folder, recursive=options["recursive"])
        files = found.files
        done = FolderImport(user, dataset, folder, table, say=self.stdout.write).add(files)
        others = found.other_tables(options["sidecar"])
        for line in (*others, *table.problems, *table.without_file(_names(folder, files))):
            self.stdout.write(line)
        self.stdout.write(_summary(done, len(files), dataset))


def _table(path: Path | None) -> Table:
    if path is None:
        return Table()
    if not path.is_file():
        raise CommandError(f"{path} is not a file.")
    return read_table(path.read_bytes())


def _names(folder: Path, files: list[Path]) -> set[str]:
    return {name for path in files for name in (path.name, path.relative_to(folder).as_posix())}


def _dataset(user: User, folder: Path, options: dict[str, Any]) -> Dataset:
    if options["dataset"] is not None:
        dataset = Dataset.objects.visible_to(user).filter(pk=options["dataset"]).first()
        if dataset is None:
            raise CommandError(f"{user.username} sees no data set {options['dataset']}.")
        return dataset
    project = Project.objects.visible_to(user).filter(pk=options["project"]).first()
    if project is None:
        raise CommandError(f"{user.username} sees no project {options['project']}.")
    name = folder.resolve().name[:120] or "Images"
    found = project.datasets.filter(name=name).first()
    return found or create_dataset(
        by=user, project=project, name=name, patch_size=options["patch_size"]
    )


def _summary(done: Counter[str], files: int, dataset: Dataset) -> str:
    added = f"{done['added']} of {files} files added to “{dataset.name}”"
    more = [f"{count} {what}" for what, count in done.items() if what != "added"]
    return ", ".join([added, *more]) + "."
