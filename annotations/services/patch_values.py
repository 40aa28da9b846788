"""What is known of each patch besides answers and scores."""

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from annotations.models import Dataset, Label, LeftOut, Structure
from annotations.models.label import Answer
from annotations.services.sheets import Layout, Place, packed


def disagreed(*, structure: Structure, dataset: Dataset, layout: Layout) -> NDArray[np.bool_]:
    """(patches,) whether somebody says yes where another says no. One query."""
    where = np.zeros(layout.size, dtype=np.bool_)
    answers = Label.objects.filter(
        image__dataset=dataset, structure=structure, value__in=(Answer.YES, Answer.NO)
    )
    counted = answers.order_by().values_list("image_id", "row", "column")
    for image, row, column in (
        counted.annotate(kinds=Count("value", distinct=True))
        .filter(kinds__gt=1)
        .values_list("image_id", "row", "column")
    ):
        position = layout.position(Place(image, row, column))
        if position is not None:
            where[position] = True
    return where


def left_out(*, dataset: Dataset, layout: Layout) -> NDArray[np.bool_]:
    """(patches,) whether nobody is asked about the patch. One query."""
    where = np.zeros(layout.size, dtype=np.bool_)
    rows = LeftOut.objects.filter(image__dataset=dataset)
    for _, keys in packed(rows, "image__dataset_id"):
        positions = layout.positions(keys)
        where[positions[positions >= 0]] = True
    return where
