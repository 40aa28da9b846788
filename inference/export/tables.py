"""Tables as CSV: UTF-8, comma, one header line, a point as decimal mark."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa


@dataclass(frozen=True)
class LabelRow:
    """One answer of one annotator to one patch.

    Attributes:
        image: its file name.
        structure: its name.
        annotator: who answered.
        row, column: of the patch, from 0.
        y0, x0, y1, x1: its pixels, ends excluded.
        value: 'yes', 'no' or 'unsure'.
        updated_at: ISO 8601.
    """

    image: str
    structure: str
    annotator: str
    row: int
    column: int
    y0: int
    x0: int
    y1: int
    x1: int
    value: str
    updated_at: str


def write_labels_csv(labels: Iterable[LabelRow], path: Path) -> int:
    """Write answers, one line each.

    Args:
        labels: consumed one at a time, so a database cursor will do.
        path: to be written.

    Returns:
        How many lines of data were written.
    """
    header = [field.name for field in fields(LabelRow)]
    return _write(path, header, (astuple(label) for label in labels))


@dataclass(frozen=True)
class PatchRow:
    """What a model says of one patch.

    Attributes:
        image: its file name.
        structure: its name.
        row, column: of the patch, from 0.
        y0, x0, y1, x1: its pixels, ends excluded.
        score: 0 to 1.
        value: 'yes' where the score reaches the model's decision, else 'no'.
    """

    image: str
    structure: str
    row: int
    column: int
    y0: int
    x0: int
    y1: int
    x1: int
    score: float
    value: str


def write_patches_csv(patches: Iterable[PatchRow], path: Path) -> int:
    """Write what a model says of patches, one line each; returns how many.

    Args:
        patches: consumed one at a time.
        path: to be written.
    """
    header = [field.name for field in fields(PatchRow)]
    return _write(path, header, (astuple(patch) for patch in patches))


def write_objects_csv(tables: Sequence[tuple[str, str, pa.Table]], path: Path) -> int:
    """Write the objects of several images and structures into one table.

    Columns are `image`, `structure` and those of all tables, in the order in which they first
    come up; where a table lacks one (another image's channel) or has no value, the cell is empty.

    Args:
        tables: (image name, structure name, table of `measure_objects`).
        path: to be written.

    Returns:
        How many objects were written.
    """
    columns = list(dict.fromkeys(name for *_, table in tables for name in table.column_names))
    return _write(path, ["image", "structure", *columns], _object_rows(tables, columns))


def _object_rows(
    tables: Sequence[tuple[str, str, pa.Table]], columns: Sequence[str]
) -> Iterator[list[Any]]:
    for image, structure, table in tables:
        for batch in table.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist():
                yield [image, structure, *(row.get(column) for column in columns)]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for count, row in enumerate(rows, start=1):  # noqa: B007 (the last number is the result)
            writer.writerow(row)
    return count
