"""`manage.py import_folder FOLDER`: a data set made of the images of a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.errors import Rejected
from annotations.management.importing import FolderImport, existing, owner
from annotations.services.existing.folders import dataset_for_folder, find_images
from annotations.services.images.details import Table


class Command(BaseCommand):
    help = "Make a data set of the images in a folder. A second time, only new files are added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--user", help="user name of the owner; default: the first account")
        parser.add_argument("--patch-size", type=int, default=64, help="px; default: 64")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = existing(options["folder"])
        user = owner(options["user"])
        try:
            dataset = dataset_for_folder(by=user, folder=folder, patch_size=options["patch_size"])
        except Rejected as rejection:
            raise CommandError(rejection.message) from rejection
        found = find_images(folder, recursive=False)
        files = found.files
        done = FolderImport(user, dataset, folder, Table(), say=self.stdout.write).add(files)
        self._name_folders(folder, files)
        for path in found.tables:
            self.stdout.write(f"{path.name}: a table is no image.")
        self.stdout.write(f"{done['added']} of {len(files)} files added to “{dataset.name}”.")

    def _name_folders(self, folder: Path, read: list[Path]) -> None:
        """Folders that were left out; an OME-Zarr folder is an image and was read."""
        names = sorted(path.name for path in folder.iterdir() if path.is_dir() and path not in read)
        if names:
            were = "folder in it was" if len(names) == 1 else "folders in it were"
            self.stdout.write(f"{len(names)} {were} not read: {', '.join(names)}")
