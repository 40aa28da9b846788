"""Answers out of a table: line by line, those that cannot be taken are named."""

import csv
import io
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import transaction

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Label, Membership, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.access import require_role
from annotations.services.answers.batches import MAX_ANSWERS, record_answers
from annotations.services.answers.given import Given, GridNamed, Patch
from annotations.services.telling import Tell, nobody

NEEDED = ("image", "row", "column", "structure", "value")
# Of the patch, as exports have it: with these, a table of another grid gives itself away.
BOX = ("y0", "y1", "x0", "x1")
MAX_BYTES = 256 * 2**20
MAX_PROBLEMS = 100
LINES_AT_ONCE = 5000
# Of the whole; the rest is writing.
READING = 0.4


@dataclass
class TableTaken:
    """What a table said. problems: the first hundred lines that cannot be taken, and why."""

    lines: int = 0
    answers: int = 0
    changed: int = 0
    refused: int = 0
    values: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"Line {line}: {reason}")


def take_table(
    *,
    by: User,
    dataset: Dataset,
    file: BinaryIO,
    annotators: bool,
    dry_run: bool = False,
    tell: Tell = nobody,
) -> TableTaken:
    """Take in answers from a CSV with the columns image, row, column, structure, value.

    They become answers of `by`, or with `annotators`, for managers, of the people in the column
    `annotator`, by user name. Our own export is such a table. Lines that cannot be taken are
    named, the others go in; `dry_run` only says what would happen.
    """
    least = Role.MANAGER if annotators else Role.ANNOTATOR
    require_role(user=by, project=dataset.project, role=least)
    table = _Table(by, dataset, annotators)
    taken = TableTaken()
    chosen: dict[User, dict[Patch, Given]] = defaultdict(dict)
    size = _checked_size(file)
    for line, row in _rows(file):
        if taken.lines % LINES_AT_ONCE == 0:
            tell(READING * file.tell() / max(size, 1), f"Reading line {line:,}")
        taken.lines += 1
        try:
            person, given = table.read(row)
        except _Refused as refusal:
            taken.refuse(line, str(refusal))
            continue
        # Of two lines about one patch the later one counts, as of two answers.
        chosen[person][given.patch] = given
    _take(dataset, chosen, taken, dry_run=dry_run, tell=tell)
    return taken


class _Refused(Exception):
    """A line that cannot be taken."""


class _Table:
    """The data set's names, looked up once."""

    def __init__(self, by: User, dataset: Dataset, annotators: bool) -> None:
        self._by = by
        self._images = {
            image.name: image for image in dataset.images.ready().select_related("dataset")
        }
        structures = Structure.objects.filter(project=dataset.project)
        self._structures = {structure.name: structure.pk for structure in structures}
        members = Membership.objects.filter(project=dataset.project).select_related("user")
        may = (own for own in members if Role(own.role).covers(Role.ANNOTATOR))
        self._people = {own.user.username: own.user for own in may} if annotators else None

    def read(self, row: Mapping[str, str]) -> tuple[User, Given]:
        image = self._images.get(row["image"])
        if image is None:
            raise _Refused(f"there is no image {row['image'][:80]!r}.")
        structure = self._structures.get(row["structure"])
        if structure is None:
            raise _Refused(f"there is no structure {row['structure'][:80]!r}.")
        value = row["value"].lower()
        if value not in Answer.values:
            raise _Refused(f"{row['value'][:40]!r} is none of yes, no and unsure.")
        place = _number(row, "row"), _number(row, "column")
        _check_place(image, place, row)
        return self._person(row), Given(image.pk, structure, *place, value)

    def _person(self, row: Mapping[str, str]) -> User:
        if self._people is None:
            return self._by
        name = row.get("annotator", "")
        if name not in self._people:
            raise _Refused(f"no annotator of this project has the user name {name[:80]!r}.")
        return self._people[name]


def _number(row: Mapping[str, str], column: str) -> int:
    text = row[column]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _Refused(f"{text[:40]!r} in {column} is no whole number.")
    return int(text)


def _check_place(image: Image, place: tuple[int, int], row: Mapping[str, str]) -> None:
    grid = image.grid
    if not grid.contains(*place):
        raise _Refused(
            f"{image.name} has no patch at row {place[0]}, column {place[1]}: "
            f"it has {grid.rows} rows and {grid.columns} columns."
        )
    if all(row.get(name) for name in BOX):
        box = tuple(_number(row, name) for name in BOX)
        if box != grid.box(*place):
            raise _Refused("the table is about patches of another size or overlap.")


def _checked_size(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MAX_BYTES:
        raise Rejected("The table is larger than 256 MB. Take it in in parts.", field="file")
    return size


def _rows(file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Line by line, so that memory holds answers and not the table."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        yield from _cells(text)
    except UnicodeDecodeError as error:
        raise Rejected("The table is no text in UTF-8. Save it as CSV UTF-8.", field="file") from (
            error
        )
    except csv.Error as error:
        raise Rejected(f"The table is no CSV ({error}).", field="file") from error
    finally:
        # The file is the caller's to close.
        text.detach()


def _cells(text: io.TextIOWrapper) -> Iterator[tuple[int, dict[str, str]]]:
    first = text.readline()
    text.seek(0)
    reader = csv.DictReader(text, delimiter=";" if ";" in first else ",")
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in names]:
        raise Rejected(f"The table has no column {', '.join(missing)}.", field="file")
    reader.fieldnames = names
    for row in reader:
        yield reader.line_num, {name: (row.get(name) or "").strip() for name in names}


def _take(
    dataset: Dataset,
    chosen: Mapping[User, Mapping[Patch, Given]],
    taken: TableTaken,
    *,
    dry_run: bool,
    tell: Tell,
) -> None:
    grid = GridNamed(dataset.patch_size, dataset.overlap)
    total = sum(len(answers) for answers in chosen.values())
    with transaction.atomic():
        for person, answers in chosen.items():
            given = list(answers.values())
            taken.answers += len(given)
            for value, count in Counter(each.value for each in given).items():
                taken.values[value] = taken.values.get(value, 0) + count
            if dry_run:
                taken.changed += _changed(person, dataset, answers)
                continue
            before = taken.answers - len(given)
            for start in range(0, len(given), MAX_ANSWERS):
                share = (before + start) / total
                tell(READING + (1 - READING) * share, f"Writing {total:,} answers")
                batch = given[start : start + MAX_ANSWERS]
                done = record_answers(by=person, dataset=dataset, answers=batch, grid=grid)
                taken.changed += done.changed


def _changed(person: User, dataset: Dataset, answers: Mapping[Patch, Given]) -> int:
    rows = Label.objects.filter(image__dataset=dataset, annotator=person).order_by()
    keys = ("image_id", "structure_id", "row", "column", "value")
    same: int = sum(
        (each := answers.get((image, structure, row, column))) is not None and each.value == value
        for image, structure, row, column, value in rows.values_list(*keys).iterator()
    )
    return len(answers) - same
