"""Condition, well and replicate of images: one by one, or from a table beside them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from annotations.details import FIELDS, cleaned_details
from annotations.errors import Rejected
from annotations.models import Dataset, Image, Role, User
from annotations.services.access import require_role
from annotations.services.images.receiving import clean_file_name
from annotations.services.saving import unique_name

# Megabytes of text describe more images than a data set has.
LONGEST_TABLE = 5 * 2**20
MAX_PROBLEMS = 200
# Of an image that is one of several in its file: "cells [Position 3].lif" is of "cells.lif".
_OF_SEVERAL = re.compile(r" \[[^\[\]]*\](?=(\.[^.]*)?$)")


@dataclass
class Table:
    """Details by file, and what could not be understood, each with its line."""

    rows: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def details_of(self, *names: str) -> dict[str, str]:
        """The details of a file under the first of its names that the table has."""
        return next((self.rows[name][1] for name in names if name in self.rows), {})

    def without_file(self, used: set[str]) -> list[str]:
        """A sentence for each line whose file is not among `used`."""
        return [
            f"Line {line}: there is no image {name}."
            for name, (line, _) in self.rows.items()
            if name not in used
        ]


@dataclass(frozen=True)
class Applied:
    changed: int
    problems: list[str]


def update_image(
    *, by: User, image: Image, name: str, condition: str, well: str, replicate: str
) -> Image:
    """Change what people call an image and know of it."""
    require_role(user=by, project=image.dataset.project, role=Role.ANNOTATOR)
    given = {"condition": condition, "well": well, "replicate": replicate}
    image.name = clean_file_name(name)
    for own, value in cleaned_details(given).items():
        setattr(image, own, value)
    with unique_name("image"):
        image.save(update_fields=["name", *FIELDS])
    return image


def apply_details(*, by: User, dataset: Dataset, table: bytes) -> Applied:
    """Write a table's details on the images it names; what it leaves empty stays as it is.

    The table is CSV with the columns file, condition, well and replicate. What is not understood
    is reported by line, and the rest is done.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    read = read_table(table)
    used: set[str] = set()
    changed = 0
    with transaction.atomic():
        for image in dataset.images.select_for_update().all():
            names = (image.name, file_of(image.name))
            changed += _apply(image, read.details_of(*names))
            used.update(names)
    problems = [*read.problems, *read.without_file(used)]
    return Applied(changed=changed, problems=problems[:MAX_PROBLEMS])


def read_table(table: bytes) -> Table:
    """Read a CSV table (commas, semicolons or tabs; UTF-8 or Windows' own encoding)."""
    if len(table) > LONGEST_TABLE:
        raise Rejected("The table is larger than 5 MB.", field="table")
    text = _decoded(table)
    if not text.strip():
        raise Rejected("The table is empty.", field="table")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    found = Table()
    try:
        columns = _columns(next(lines), found)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _read_line(lines.line_num, cells, columns, found)
    except csv.Error as error:
        raise Rejected(f"Line {lines.line_num}: {error}.", field="table") from error
    return found


def file_of(name: str) -> str:
    """The name of the file that an image came in."""
    return _OF_SEVERAL.sub("", name)


def _apply(image: Image, details: Mapping[str, str]) -> bool:
    new = {name: value for name, value in details.items() if value != getattr(image, name)}
    for name, value in new.items():
        setattr(image, name, value)
    if new:
        image.save(update_fields=list(new))
    return bool(new)


def _decoded(table: bytes) -> str:
    try:
        return table.decode("utf-8-sig")
    except UnicodeDecodeError:
        return table.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = text.lstrip().splitlines()[0]
    return max(",;\t", key=first.count)


def _columns(header: list[str], table: Table) -> dict[int, str]:
    names = {index: cell.strip().lower() for index, cell in enumerate(header)}
    if "file" not in names.values():
        raise Rejected(
            "The first line has to name the columns: file, and any of condition, well and "
            "replicate.",
            field="table",
        )
    for index, name in names.items():
        if name and name not in ("file", *FIELDS):
            table.problems.append(
                f"Line 1: the column “{header[index].strip()[:40]}” is not known and was left "
                "out; file, condition, well and replicate are."
            )
    return {index: name for index, name in names.items() if name in ("file", *FIELDS)}


def _read_line(line: int, cells: list[str], columns: Mapping[int, str], table: Table) -> None:
    values = dict(_named(cells, columns))
    # A path as it is in the folder, whichever way its slashes lean.
    file = values.pop("file", "").strip().replace("\\", "/").removeprefix("./")
    if not file:
        table.problems.append(f"Line {line}: no file is named.")
    elif file in table.rows:
        table.problems.append(
            f"Line {line}: {file} was named in line {table.rows[file][0]} already."
        )
    else:
        given = {name: value for name, value in values.items() if value.strip()}
        kept = cleaned_details(given)
        table.rows[file] = (line, {name: kept[name] for name in given})


def _named(cells: list[str], columns: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for index, name in columns.items():
        if index < len(cells):
            yield name, cells[index]
