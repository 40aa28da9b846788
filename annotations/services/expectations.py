"""What the newest model expects of every patch, as one array, kept in this process."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from annotations.models import Dataset, PatchGuesses, PatchScores, Structure
from annotations.services.patch_orders import Floats, by_turn
from annotations.services.scores import STORED, STORED_TURNS, newest
from annotations.services.sheets import Layout

Expected = NDArray[np.float16]
# Image, rows and columns of its grid, and what is stored of them.
Stored = tuple[int, int, int, bytes | memoryview]
Read = TypeVar("Read")
MOST_KEPT = 8


@dataclass(frozen=True)
class Guessed:
    """What the answers alone lead to expect.

    Attributes:
        guesses: (patches,) probability of yes; nan where they tell nothing.
        turns: (patches,) 1 is asked about first, 0 has no turn.
    """

    guesses: Expected
    turns: NDArray[np.uint16]


_kept: OrderedDict[tuple[str, int, int], tuple[str, Layout, Any]] = OrderedDict()
_guard = Lock()


def expectations(*, dataset: Dataset, structure: Structure, layout: Layout) -> Expected:
    """(patches,) probability of yes for each position of the layout; nan where no model looked."""
    rows = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
    return _kept_or_read(rows, dataset, structure, layout, _read_scores)


def _guessed(*, dataset: Dataset, structure: Structure, layout: Layout) -> Guessed:
    """As `expectations`, from the answers alone, without a model."""
    rows = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    return _kept_or_read(rows, dataset, structure, layout, _read_guesses)


def in_turn(*, dataset: Dataset, structure: Structure, layout: Layout, scores: Floats) -> Floats:
    """(patches,) ranks as of `by_turn`: what is worth asking the answers know best, without
    waiting for a training; `scores` are of a model, for where they tell nothing."""
    known = _guessed(dataset=dataset, structure=structure, layout=layout)
    return by_turn(known.turns, known.guesses.astype(np.float32), scores)


def _kept_or_read(
    rows: QuerySet[Any],
    dataset: Dataset,
    structure: Structure,
    layout: Layout,
    read: Callable[[QuerySet[Any], Layout], Read],
) -> Read:
    stamp = newest(rows)
    key = (rows.model.__name__, dataset.pk, structure.pk)
    with _guard:
        kept = _kept.get(key)
        if kept is not None and kept[0] == stamp and kept[1] is layout:
            found: Read = kept[2]
            return found
    fresh = read(rows, layout)
    with _guard:
        _kept[key] = (stamp, layout, fresh)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return fresh


def scores_of_images(
    *, dataset: Dataset, structure: Structure, layout: Layout, images: Collection[int]
) -> Expected:
    """As `expectations`, read for some images alone."""
    rows = PatchScores.objects.filter(structure=structure, image__dataset=dataset)
    return _read_scores(rows.filter(image_id__in=images), layout)


def _read_scores(rows: QuerySet[Any], layout: Layout) -> Expected:
    scores = np.full(layout.size, np.nan, dtype=np.float16)
    stored = rows.order_by().values_list("image_id", "rows", "columns", "scores")
    _lay_out(stored, layout, STORED, scores)
    return scores


def _read_guesses(rows: QuerySet[Any], layout: Layout) -> Guessed:
    guesses = np.full(layout.size, np.nan, dtype=np.float16)
    turns = np.zeros(layout.size, dtype=np.uint16)
    names = ("image_id", "rows", "columns", "scores", "turns")
    stored = list(rows.order_by().values_list(*names))
    _lay_out([row[:4] for row in stored], layout, STORED, guesses)
    _lay_out([(*row[:3], row[4]) for row in stored if row[4]], layout, STORED_TURNS, turns)
    return Guessed(guesses, turns)


def _lay_out(
    stored: Iterable[Stored], layout: Layout, dtype: np.dtype[Any], found: NDArray[Any]
) -> None:
    """Put what is stored of images at its place among all patches."""
    spans: list[slice] = []
    texts: list[bytes | memoryview] = []
    for image, row_count, column_count, values in stored:
        span = layout.span(image, column_count)
        # What is of a grid that is no more says nothing about the patches there are.
        if span is not None and span.stop - span.start == row_count * column_count:
            spans.append(span)
            texts.append(values)
    # All at once: a thousand images would each cost as much as this.
    known = np.frombuffer(b"".join(texts), dtype=dtype)
    start = 0
    for span in spans:
        end = start + span.stop - span.start
        found[span] = known[start:end]
        start = end
