"""What is known of each patch: a person's answers, what a model expects, where people differ."""

from typing import Any

import numpy as np
from django.db.models import Aggregate, BigIntegerField, Count, F, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from annotations.models import Dataset, Label, PatchScores, Structure, User
from annotations.models.label import Answer
from annotations.services.patch_places import Place, Places
from annotations.services.scores import decoded

CODES: dict[str, int] = {Answer.YES: 1, Answer.NO: 2, Answer.UNSURE: 3}
ANSWERS: dict[int, str | None] = {0: None, 1: "yes", 2: "no", 3: "unsure"}
# Above the number of columns of any image.
_WIDEST = 2**20


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
    groups: Any = mine.order_by().values_list("image_id", "value").annotate(places=Joined(place))
    for image, value, joined in groups:
        span = places.span(image)
        if span is None:
            continue
        row, column = np.divmod(np.fromstring(joined, dtype=np.int64, sep=","), _WIDEST)
        numbers = row * places.columns_of(image) + column
        part = codes[span]
        part[numbers[numbers < part.size]] = CODES[value]
    return codes


def scores_of(*, structure: Structure, dataset: Dataset, places: Places) -> NDArray[np.float32]:
    """(patches,) 0 to 1, NaN where no model has looked, or looked at another grid. One query."""
    scores = np.full(places.count, np.nan, dtype=np.float32)
    rows: Any = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
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
