"""What the newest model expects of every patch, as one array, kept in this process."""

from collections import OrderedDict
from threading import Lock
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from annotations.models import Dataset, PatchGuesses, PatchScores, Structure
from annotations.services.scores import STORED, newest
from annotations.services.sheets import Layout

Scores = NDArray[np.float16]
MOST_KEPT = 8

_kept: OrderedDict[tuple[str, int, int], tuple[str, Layout, Scores]] = OrderedDict()
_guard = Lock()


def expectations(*, dataset: Dataset, structure: Structure, layout: Layout) -> Scores:
    """(patches,) probability of yes for each position of the layout; nan where no model looked."""
    rows = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
    return _kept_or_read(rows, dataset, structure, layout)


def guessed(*, dataset: Dataset, structure: Structure, layout: Layout) -> Scores:
    """As `expectations`, from the answers alone, without a model."""
    rows = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    return _kept_or_read(rows, dataset, structure, layout)


def _kept_or_read(
    rows: QuerySet[Any], dataset: Dataset, structure: Structure, layout: Layout
) -> Scores:
    stamp = newest(rows)
    key = (rows.model.__name__, dataset.pk, structure.pk)
    with _guard:
        kept = _kept.get(key)
        if kept is not None and kept[0] == stamp and kept[1] is layout:
            return kept[2]
    scores = _read(rows.values_list("image_id", "rows", "columns", "scores"), layout)
    with _guard:
        _kept[key] = (stamp, layout, scores)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return scores


def _read(rows: object, layout: Layout) -> Scores:
    scores = np.full(layout.size, np.nan, dtype=np.float16)
    places = {image: place for place, image in enumerate(layout.images.tolist())}
    for image, row_count, column_count, values in rows:  # type: ignore[attr-defined]
        place = places.get(image)
        if place is None:
            continue
        # Scores of a grid that is no more say nothing about the patches there are.
        if (layout.rows[place], layout.columns[place]) == (row_count, column_count):
            start = layout.starts[place]
            found = np.frombuffer(values, dtype=STORED)
            scores[start : start + row_count * column_count] = found
    return scores
