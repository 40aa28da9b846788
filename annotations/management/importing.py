"""What the commands share that import a folder."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from annotations.errors import Rejected
from annotations.models import Dataset, User
from annotations.originals import fetch
from annotations.services.existing.folders import names_in
from annotations.services.first_account import first_account
from annotations.services.images.details import Table
from annotations.services.images.images import add_images


def owner(name: str | None) -> User:
    """The account that imports: the one named, or the only one of a new site."""
    if name is None:
        account = first_account()
        if account is None:
            raise CommandError("Say whose data set it is: --user NAME.")
        return account[0]
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"Nobody has the user name {name}.")
    return user


def existing(folder: Path) -> Path:
    """The folder; CommandError where there is none."""
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    return folder


class FolderImport:
    """Adds files one by one; one that is refused is named, and the others go on."""

    def __init__(
        self,
        user: User,
        dataset: Dataset,
        folder: Path,
        table: Table,
        *,
        say: Callable[[str], object],
    ) -> None:
        self._user, self._dataset, self._folder = user, dataset, folder
        self._table, self._say = table, say

    def add(self, files: Iterable[Path]) -> Counter[str]:
        """How many were added, were here already, or were refused."""
        return Counter(self._add(path) for path in files)

    def _add(self, path: Path) -> str:
        relative, name = names_in(self._folder, path)
        try:
            self._add_file(path, relative, name)
        except Rejected as rejection:
            self._say(rejection.message)
            return "here already" if rejection.conflict else "refused"
        except PermissionDenied as denied:
            raise CommandError(str(denied)) from denied
        except OSError as error:
            self._say(f"{relative}: cannot be read ({error.strerror}).")
            return "refused"
        return "added"

    def _add_file(self, path: Path, relative: str, name: str) -> None:
        details = self._table.details_of(relative, name)
        if path.is_dir():
            incoming = Path(settings.MEDIA_ROOT) / "incoming"
            incoming.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=incoming) as packed:
                fetch(path, Path(packed.name))
                self._send(Path(packed.name), name, details)
        else:
            self._send(path, name, details)

    def _send(self, path: Path, name: str, details: dict[str, str]) -> None:
        with path.open("rb") as content:
            add_images(
                by=self._user, dataset=self._dataset, name=name, content=content, details=details
            )
