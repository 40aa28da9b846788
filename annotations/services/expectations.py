"""What the newest model expects of every patch, as one array, kept in this process."""

from collections import OrderedDict
from collections.abc import Collection
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
    scores = _read(rows, layout)
    with _guard:
        _kept[key] = (stamp, layout, scores)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return scores


def scores_of_images(
    *, dataset: Dataset, structure: Structure, layout: Layout, images: Collection[int]
) -> Scores:
    """As `expectations`, read for some images alone."""
    rows = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
    return _read(rows.filter(image_id__in=images), layout)


def _read(rows: QuerySet[Any], layout: Layout) -> Scores:
    scores = np.full(layout.size, np.nan, dtype=np.float16)
    spans: list[slice] = []
    texts: list[bytes | memoryview] = []
    stored = rows.order_by().values_list("image_id", "rows", "columns", "scores")
    for image, row_count, column_count, values in stored:
        span = layout.span(image, column_count)
        # Scores of a grid that is no more say nothing about the patches there are.
        if span is not None and span.stop - span.start == row_count * column_count:
            spans.append(span)
            texts.append(values)
    # All at once: a thousand images would each cost as much as this.
    known = np.frombuffer(b"".join(texts), dtype=STORED)
    start = 0
    for span in spans:
        end = start + span.stop - span.start
        scores[span] = known[start:end]
        start = end
    return scores
