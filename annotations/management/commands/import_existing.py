"""`manage.py import_existing`: answers and references that were made elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.errors import Rejected
from annotations.models import Dataset, Structure, User
from annotations.services.existing.masks import take_mask
from annotations.services.existing.tables import take_table


class Command(BaseCommand):
    help = (
        "Take in tables of answers (CSV), masks, GeoJSON of QuPath and ROIs of ImageJ. "
        "A file that cannot be taken is named, the others go in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", type=int, help="number of the data set, as in its address")
        parser.add_argument("files", type=Path, nargs="+")
        parser.add_argument("--user", required=True, help="user name of who takes them in")
        parser.add_argument("--structure", help="name; needed for anything but tables")
        parser.add_argument("--answers", action="store_true", help="masks become answers")
        parser.add_argument("--reference", action="store_true", help="masks become references")
        parser.add_argument("--annotators", action="store_true", help="as the table names them")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"Nobody has the user name {options['user']}.")
        dataset = Dataset.objects.visible_to(user).filter(pk=options["dataset"]).first()
        if dataset is None:
            raise CommandError(f"{user} has no data set of the number {options['dataset']}.")
        taken = sum(self._take(user, dataset, path, options) for path in options["files"])
        self.stdout.write(f"{taken} of {len(options['files'])} files taken in.")

    def _take(self, user: User, dataset: Dataset, path: Path, options: dict[str, Any]) -> bool:
        table = path.suffix.lower() == ".csv"
        take: Callable[..., None] = self._table if table else self._mask
        try:
            take(user, dataset, path, options)
        except (Rejected, PermissionDenied) as refusal:
            self.stdout.write(str(refusal))
            return False
        except OSError as error:
            self.stdout.write(f"{path.name}: cannot be read ({error.strerror}).")
            return False
        return True

    def _table(self, user: User, dataset: Dataset, path: Path, options: dict[str, Any]) -> None:
        with path.open("rb") as file:
            taken = take_table(
                by=user,
                dataset=dataset,
                file=file,
                annotators=options["annotators"],
                dry_run=options["dry_run"],
            )
        for problem in taken.problems:
            self.stdout.write(f"{path.name}: {problem}")
        self.stdout.write(
            f"{path.name}: {taken.answers} answers, {taken.changed} of them new or changed, "
            f"{taken.refused} lines refused."
        )

    def _mask(self, user: User, dataset: Dataset, path: Path, options: dict[str, Any]) -> None:
        structures = Structure.objects.filter(project=dataset.project)
        structure = structures.filter(name=options["structure"] or "").first()
        if structure is None:
            raise CommandError("Name the structure that the masks show: --structure NAME.")
        taken = take_mask(
            by=user,
            dataset=dataset,
            structure=structure,
            name=path.name,
            path=path,
            answers=options["answers"],
            reference=options["reference"],
            dry_run=options["dry_run"],
        )
        for sentence in taken.passed_over:
            self.stdout.write(f"{path.name}: {sentence}")
        self.stdout.write(
            f"{path.name}: {taken.objects} objects in {taken.image_name}, {taken.yes} patches "
            f"yes and {taken.no} no; {taken.changed} answers new or changed."
        )
