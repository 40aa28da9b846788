"""What is known of each patch: a person's answers, what a model expects, where people differ."""

from collections.abc import Collection
from typing import Any

import numpy as np
from django.db.models import Aggregate, BigIntegerField, Count, F, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from annotations.models import Dataset, Label, LeftOut, PatchScores, Structure, User
from annotations.models.label import Answer
from annotations.services.patch_places import Place, Places
from annotations.services.scores import decoded

CODES: dict[str, int] = {Answer.YES: 1, Answer.NO: 2, Answer.UNSURE: 3}
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


def own_codes(
    *, user: User, dataset: Dataset, structure: Structure, places: Places
) -> NDArray[np.uint8]:
    """(patches,) the person's own answers: 0 none, 1 yes, 2 no, 3 unsure. One query."""
    codes = np.zeros(places.count, dtype=np.uint8)
    mine = Label.objects.filter(image__dataset=dataset, structure=structure, annotator=user)
    place = Cast(F("row"), BigIntegerField()) * _WIDEST + F("column")
    groups: Any = mine.order_by().values_list("image_id", "value")
    found = [
        (span.start, places.columns_of(image), CODES[value], count, joined)
        for image, value, count, joined in groups.annotate(count=Count("pk"), places=Joined(place))
        if (span := places.span(image)) is not None
    ]
    if not found:
        return codes
    # All at once: a thousand images are a thousand groups, and each would cost as much as this.
    starts, columns, kinds, counts = (np.array(part) for part in list(zip(*found, strict=True))[:4])
    every = np.fromstring(",".join(group[4] for group in found), dtype=np.int64, sep=",")
    row, column = every >> _BITS, every & (_WIDEST - 1)
    numbers = np.repeat(starts, counts) + row * np.repeat(columns, counts) + column
    codes[numbers] = np.repeat(kinds, counts)
    return codes


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
    scores = np.full(places.count, np.nan, dtype=np.float32)
    rows: Any = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
    if images is not None:
        rows = rows.filter(image_id__in=images)
    kept = rows.order_by().values_list("image_id", "rows", "columns", "scores")
    for image, row_count, column_count, stored in kept:
        span = places.span(image)
        if span is None or places.columns_of(image) != column_count:
            continue
        if span.stop - span.start == row_count * column_count:
            scores[span] = decoded(stored, row_count, column_count).ravel()
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
