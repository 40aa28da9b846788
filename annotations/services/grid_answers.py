"""Answers that leave with their grid, come back with it, or follow to another one."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet, Value
from django.utils import timezone

from annotations.imaging.grid import Grid
from annotations.imaging.grid_transfer import NONE, Codes, transfer
from annotations.models import Dataset, FormerGrid, FormerLabel, Image, Label, LabelChange, User
from annotations.models.label import Answer

ORDER = ("image_id", "structure_id", "annotator_id", "row", "column")
COPIED = (*ORDER, "value", "updated_at")
CODES: dict[str, int] = {value: code for code, value in enumerate(Answer.values, start=1)}
BATCH = 5000


def former_grids(dataset: Dataset, patch_size: int, overlap: int) -> QuerySet[FormerGrid]:
    return dataset.former_grids.filter(patch_size=patch_size, overlap=overlap)


def set_aside(by: User, dataset: Dataset, labels: QuerySet[Label]) -> FormerGrid | None:
    """Keep the answers of today with their grid; None where there are none."""
    if not labels.exists():
        return None
    grid = FormerGrid.objects.create(
        dataset=dataset,
        patch_size=dataset.patch_size,
        overlap=dataset.overlap,
        replaced_by=by,
        replaced_at=timezone.now(),
    )
    _insert(FormerLabel, ("grid_id", *COPIED), _chosen(labels, grid))
    # Nothing hangs on an answer, so that no row needs to be looked at before it goes.
    labels.order_by()._raw_delete(labels.db)
    return grid


def restore(dataset: Dataset, patch_size: int, overlap: int) -> int:
    """Bring back what was said on this grid when it was used before; how many answers."""
    restored = 0
    for grid in former_grids(dataset, patch_size, overlap):
        answers = grid.labels.filter(image__state=Image.State.READY)
        restored += answers.count()
        _insert(Label, COPIED, answers.order_by().values_list(*COPIED))
        FormerLabel.objects.filter(grid=grid).order_by()._raw_delete(dataset._state.db)
        grid.delete()
    return restored


def _chosen(labels: QuerySet[Label], grid: FormerGrid) -> QuerySet[Any, Any]:
    return labels.order_by().annotate(grid_id=Value(grid.pk)).values_list("grid_id", *COPIED)


def _insert(model: type[Label | FormerLabel], columns: Iterable[str], rows: Any) -> None:
    """INSERT … SELECT: two million answers change tables without coming here."""
    sql, params = rows.query.sql_with_params()
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {sql}", params)


def carried_answers(
    dataset: Dataset,
    answers: QuerySet[Any],
    there: QuerySet[Any],
    patch_size: int,
    overlap: int,
) -> Iterator[Label]:
    """Answers that follow on the new grid from those on the old, except where one is `there`.

    One person's answers about one structure of one image are in memory at a time.
    """
    images = dataset.images.ready().select_related("dataset").in_bulk()
    ordered = answers.order_by(*ORDER).values_list(*ORDER, "value").iterator(chunk_size=BATCH)
    now = timezone.now()
    for (image, structure, annotator), group in groupby(ordered, key=lambda row: row[:3]):
        if image not in images:
            continue
        old = images[image].grid
        new = Grid(old.height, old.width, patch_size, overlap)
        codes = transfer(old, _codes(old, group), new)
        mine = there.filter(image=image, structure=structure, annotator=annotator)
        for row, column in mine.values_list("row", "column"):
            codes[row, column] = NONE
        yield from _labels(codes, (image, structure, annotator), now)


def _codes(grid: Grid, rows: Iterable[tuple[Any, ...]]) -> Codes:
    codes = np.zeros((grid.rows, grid.columns), np.uint8)
    for *_, row, column, value in rows:
        if grid.contains(row, column):
            codes[row, column] = CODES[value]
    return codes


def _labels(codes: Codes, of: tuple[int, int, int], now: datetime) -> Iterator[Label]:
    image, structure, annotator = of
    for row, column in np.argwhere(codes != NONE).tolist():
        yield Label(
            image_id=image,
            structure_id=structure,
            annotator_id=annotator,
            row=row,
            column=column,
            value=Answer.values[codes[row, column] - 1],
            updated_at=now,
        )


def write_carried(labels: Iterator[Label], patch_size: int, overlap: int) -> int:
    """Keep answers and their history, some thousands at a time."""
    written = 0
    while batch := list(islice(labels, BATCH)):
        Label.objects.bulk_create(batch)
        LabelChange.objects.bulk_create(
            LabelChange(
                image_id=label.image_id,
                structure_id=label.structure_id,
                annotator_id=label.annotator_id,
                row=label.row,
                column=label.column,
                new=label.value,
                at=label.updated_at,
                patch_size=patch_size,
                overlap=overlap,
            )
            for label in batch
        )
        written += len(batch)
    return written
