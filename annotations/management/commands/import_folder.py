"""`manage.py import_folder FOLDER`: a data set made of the images of a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.errors import Rejected
from annotations.models import Dataset, User
from annotations.services.first_account import first_account
from annotations.services.folders import dataset_for_folder
from annotations.services.images import add_image


class Command(BaseCommand):
    help = "Make a data set of the images in a folder. A second time, only new files are added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--user", help="user name of the owner; default: the first account")
        parser.add_argument("--patch-size", type=int, default=64, help="px; default: 64")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        user = self._user(options["user"])
        try:
            dataset = dataset_for_folder(by=user, folder=folder, patch_size=options["patch_size"])
        except Rejected as rejection:
            raise CommandError(rejection.message) from rejection
        files = sorted(path for path in folder.iterdir() if _is_meant(path))
        added = sum(self._add(user, dataset, path) for path in files)
        self._name_folders(folder)
        self.stdout.write(f"{added} of {len(files)} files added to “{dataset.name}”.")

    def _name_folders(self, folder: Path) -> None:
        names = sorted(path.name for path in folder.iterdir() if path.is_dir())
        if names:
            were = "folder in it was" if len(names) == 1 else "folders in it were"
            self.stdout.write(f"{len(names)} {were} not read: {', '.join(names)}")

    def _user(self, name: str | None) -> User:
        if name is None:
            account = first_account()
            if account is None:
                raise CommandError("Say whose data set it is: --user NAME.")
            return account[0]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"Nobody has the user name {name}.")
        return user

    def _add(self, user: User, dataset: Dataset, path: Path) -> bool:
        """Add one file; one that is refused is named, and the others go on."""
        try:
            with path.open("rb") as content:
                add_image(by=user, dataset=dataset, name=path.name, content=content)
        except Rejected as rejection:
            self.stdout.write(rejection.message)
            return False
        except OSError as error:
            self.stdout.write(f"{path.name}: cannot be read ({error.strerror}).")
            return False
        return True


def _is_meant(path: Path) -> bool:
    """Whether a file of the folder is somebody's, not one that a system hides in every folder."""
    return path.is_file() and not path.name.startswith(".")
