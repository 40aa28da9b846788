"""What is known of each patch: a person's answers, what a model expects, where people differ."""

from collections.abc import Collection
from typing import Any

import numpy as np
from django.db.models import Aggregate, BigIntegerField, Count, F, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from annotations.models import Dataset, Label, LeftOut, PatchGuesses, PatchScores, Structure
from annotations.models.label import Answer
from annotations.services.patch_places import Place, Places
from annotations.services.scores import decoded

ANSWERS: dict[int, str | None] = {0: None, 1: "yes", 2: "no", 3: "unsure"}
# Above the number of columns of any image.
_BITS = 20
_WIDEST = 2**_BITS


class Joined(Aggregate):
    """Numbers as one text with commas: 100,000 of them are one value, not as many rows."""

    function = "STRING_AGG"
    template = "%(function)s(CAST(%(expressions)s AS TEXT), ',')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "GROUP_CONCAT(%(expressions)s, ',')"
        return super().as_sql(compiler, connection, template=template, **context)


def scores_of(
    *,
    structure: Structure,
    dataset: Dataset,
    places: Places,
    images: Collection[int] | None = None,
) -> NDArray[np.float32]:
    """(patches,) 0 to 1, NaN where no model has looked, or looked at another grid. One query.

    `images`: read those of these images alone.
    """
    rows = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
    if images is not None:
        rows = rows.filter(image_id__in=images)
    return _laid_out(rows, places)


def guesses_of(*, structure: Structure, dataset: Dataset, places: Places) -> NDArray[np.float32]:
    """(patches,) what the answers alone lead to expect, 0 to 1; NaN where unknown. One query."""
    rows = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    return _laid_out(rows, places)


def _laid_out(rows: Any, places: Places) -> NDArray[np.float32]:
    scores = np.full(places.count, np.nan, dtype=np.float32)
    kept = rows.order_by().values_list("image_id", "rows", "columns", "scores")
    found: list[slice] = []
    texts: list[bytes | memoryview] = []
    for image, row_count, column_count, stored in kept:
        span = places.span(image)
        if span is None or places.columns_of(image) != column_count:
            continue
        if span.stop - span.start == row_count * column_count:
            found.append(span)
            texts.append(stored)
    # All at once: a thousand images would each cost as much as this.
    known = decoded(b"".join(texts), 1, -1).ravel()
    start = 0
    for span in found:
        end = start + span.stop - span.start
        scores[span] = known[start:end]
        start = end
    return scores


def disagreed(*, structure: Structure, dataset: Dataset, places: Places) -> NDArray[np.bool_]:
    """(patches,) whether somebody says yes where another says no. One query."""
    where = np.zeros(places.count, dtype=np.bool_)
    answers = Label.objects.filter(
        image__dataset=dataset, structure=structure, value__in=(Answer.YES, Answer.NO)
    )
    counted = answers.order_by().values_list("image_id", "row", "column")
    for image, row, column in (
        counted.annotate(kinds=Count("value", distinct=True))
        .filter(kinds__gt=1)
        .values_list("image_id", "row", "column")
    ):
        number = places.number(Place(image, row, column))
        if number is not None:
            where[number] = True
    return where


def left_out(*, dataset: Dataset, places: Places) -> NDArray[np.bool_]:
    """(patches,) whether nobody is asked about the patch. One query."""
    where = np.zeros(places.count, dtype=np.bool_)
    rows: Any = LeftOut.objects.filter(image__dataset=dataset)
    place = Cast(F("row"), BigIntegerField()) * _WIDEST + F("column")
    groups = rows.order_by().values_list("image_id").annotate(places=Joined(place))
    for image, joined in groups:
        span = places.span(image)
        if span is None:
            continue
        every = np.fromstring(joined, dtype=np.int64, sep=",")
        row, column = every >> _BITS, every & (_WIDEST - 1)
        where[span.start + row * places.columns_of(image) + column] = True
    return where
