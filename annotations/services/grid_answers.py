"""Answers that leave with their grid, come back with it, or follow to another one.

Some images at a time: memory holds little of a million answers, and it is seen how far it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count, DateTimeField, QuerySet, Value

from annotations.imaging.grid import Grid
from annotations.imaging.grid_transfer import NONE, Codes, transfer
from annotations.models import Dataset, FormerGrid, FormerLabel, Image, Label, LabelChange
from annotations.models.label import Answer

ORDER = ("image_id", "structure_id", "annotator_id", "row", "column")
COPIED = (*ORDER, "value", "updated_at")
CODES: dict[str, int] = {value: code for code, value in enumerate(Answer.values, start=1)}
BATCH = 5000
# Answers that are moved in one go; of a single image, all of them.
AT_ONCE = 50_000


def former_grids(dataset: Dataset, patch_size: int, overlap: int) -> QuerySet[FormerGrid]:
    return dataset.former_grids.filter(patch_size=patch_size, overlap=overlap)


@dataclass(frozen=True)
class Portion:
    """Some images, and how many answers they have on either grid."""

    images: list[int]
    answers: int


def portions(answers: QuerySet[Any], former: QuerySet[FormerLabel]) -> list[Portion]:
    """The images with answers in parts of about AT_ONCE answers, in the order of their numbers."""
    counts: dict[int, int] = {}
    for rows in (answers, former):
        for image, count in rows.order_by().values_list("image_id").annotate(Count("pk")):
            counts[image] = counts.get(image, 0) + count
    parts = [Portion([], 0)]
    for image, count in sorted(counts.items()):
        if parts[-1].images and parts[-1].answers + count > AT_ONCE:
            parts.append(Portion([], 0))
        last = parts[-1]
        parts[-1] = Portion([*last.images, image], last.answers + count)
    return [part for part in parts if part.images]


@dataclass(frozen=True)
class Move:
    """From the grid of today, whose answers go to `kept`, to one of patch_size and overlap."""

    dataset: Dataset
    kept: FormerGrid | None
    former: Sequence[int]
    patch_size: int
    overlap: int
    transfer: bool
    at: datetime

    def move(self, images: Sequence[int]) -> tuple[int, int]:
        """Move the answers of these images; how many came back and how many followed."""
        if self.kept is not None:
            self._set_aside(self.kept, images)
        restored = self._restore(images)
        carried = self._carry(self.kept, images) if self.transfer and self.kept else 0
        return restored, carried

    def _set_aside(self, kept: FormerGrid, images: Sequence[int]) -> None:
        labels = Label.objects.filter(image__in=images).order_by()
        rows = labels.annotate(grid_id=Value(kept.pk)).values_list("grid_id", *COPIED)
        _insert(FormerLabel, ("grid_id", *COPIED), rows)
        # Nothing hangs on an answer, so that no row needs to be looked at before it goes.
        labels._raw_delete(labels.db)

    def _restore(self, images: Sequence[int]) -> int:
        if not self.former:
            return 0
        rows = FormerLabel.objects.filter(grid__in=self.former, image__in=images)
        ready = rows.filter(image__state=Image.State.READY)
        restored = _insert(Label, COPIED, ready.order_by().values_list(*COPIED))
        rows.order_by()._raw_delete(rows.db)
        return restored

    def _carry(self, kept: FormerGrid, images: Sequence[int]) -> int:
        old = FormerLabel.objects.filter(grid=kept, image__in=images)
        there = Label.objects.all() if self.former else None
        found = carried_answers(self.dataset, old, there, self.patch_size, self.overlap)
        carried = _write(found, self.at)
        if carried:
            self._tell_history(images)
        return carried

    def _tell_history(self, images: Sequence[int]) -> None:
        """Each answer that followed, known by its time, is a change in the history."""
        new = Label.objects.filter(image__in=images, updated_at=self.at).order_by()
        rows = new.annotate(
            was=Value(""),
            when=Value(self.at, output_field=DateTimeField()),
            size=Value(self.patch_size),
            over=Value(self.overlap),
            counts=Value(value=True),
        ).values_list(*ORDER, "was", "value", "when", "size", "over", "counts")
        columns = (*ORDER, "old", "new", "at", "patch_size", "overlap", "applied")
        _insert(LabelChange, columns, rows)


def _insert(
    model: type[Label | FormerLabel | LabelChange], columns: Iterable[str], rows: Any
) -> int:
    """INSERT … SELECT: two million answers change tables without coming here; how many did."""
    sql, params = rows.query.sql_with_params()
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {sql}", params)
        return int(cursor.rowcount)


Place = tuple[int, int, int]


def carried_answers(
    dataset: Dataset,
    answers: QuerySet[Any],
    there: QuerySet[Label] | QuerySet[FormerLabel] | None,
    patch_size: int,
    overlap: int,
) -> Iterator[tuple[Place, Codes]]:
    """What follows on the new grid from answers on the old, except where one is `there`.

    For each image, structure and person the codes of all patches of the new grid: one person's
    answers about one structure of one image are in memory at a time.
    """
    images = dataset.images.ready().select_related("dataset").in_bulk()
    ordered = answers.order_by(*ORDER).values_list(*ORDER, "value").iterator(chunk_size=BATCH)
    for place, group in groupby(ordered, key=lambda row: row[:3]):
        image, structure, annotator = place
        if image not in images:
            continue
        old = images[image].grid
        new = Grid(old.height, old.width, patch_size, overlap)
        codes = transfer(old, _codes(old, group), new)
        if there is not None:
            mine = there.filter(image=image, structure=structure, annotator=annotator)
            for row, column in mine.values_list("row", "column"):
                codes[row, column] = NONE
        yield place, codes


def _codes(grid: Grid, rows: Iterable[tuple[Any, ...]]) -> Codes:
    codes = np.zeros((grid.rows, grid.columns), np.uint8)
    for *_, row, column, value in rows:
        if grid.contains(row, column):
            codes[row, column] = CODES[value]
    return codes


def _write(found: Iterable[tuple[Place, Codes]], at: datetime) -> int:
    labels = _labels(found, at)
    written = 0
    while batch := list(islice(labels, BATCH)):
        Label.objects.bulk_create(batch)
        written += len(batch)
    return written


def _labels(found: Iterable[tuple[Place, Codes]], at: datetime) -> Iterator[Label]:
    for (image, structure, annotator), codes in found:
        for row, column in np.argwhere(codes != NONE).tolist():
            yield Label(
                image_id=image,
                structure_id=structure,
                annotator_id=annotator,
                row=row,
                column=column,
                value=Answer.values[codes[row, column] - 1],
                updated_at=at,
            )
