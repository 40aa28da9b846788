"""Which patches of a data set are shown, and in which order: what the gallery asks for."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from django.core.exceptions import PermissionDenied
from numpy.typing import NDArray

from annotations.models import Dataset, Role, User
from annotations.services import patch_orders
from annotations.services.access import required_role, sees_others
from annotations.services.expectations import scores_of_images
from annotations.services.patches.cursors import after, cursor_of
from annotations.services.patches.known import Known, Scores, what_is_known
from annotations.services.patches.query import PatchQuery
from annotations.services.said import Said
from annotations.services.sheets import NAMES, Place, layout_of

BLIND = "This project is blind: only managers see scores and what others answered."


class ShownPatch(TypedDict):
    image: int
    row: int
    column: int
    value: str | None
    score: float | None
    # Who answered what, in the order of contradictions alone.
    said: list[Said] | None
    # Nobody is asked about it.
    left_out: bool


class PatchPage(TypedDict):
    patches: list[ShownPatch]
    next: str | None
    total: int
    # Images whose patches cannot be compared yet, because a worker still describes them.
    describing: int


def list_patches(*, by: User, dataset: Dataset, query: PatchQuery) -> PatchPage:
    """One page of patches with the person's own answers; scores unless the project hides them.

    A constant number of queries whatever the number of images, patches and answers.
    """
    role = required_role(user=by, project=dataset.project, role=Role.VIEWER)
    query.check(dataset)
    sees_scores = sees_others(role, dataset.project)
    if query.tells_scores and not sees_scores:
        raise PermissionDenied(BLIND)
    layout = layout_of(dataset, image=query.image, condition=query.condition)
    known = what_is_known(by=by, dataset=dataset, query=query, layout=layout)
    wanted, keys = known.wanted(), known.keys()
    numbers = _next(query, wanted, keys, after(query.cursor, layout))
    shown = numbers[: query.limit]
    more = numbers.size > query.limit
    return {
        "patches": _shown(known, shown, sees_scores=sees_scores),
        "next": cursor_of(layout, keys, int(shown[-1])) if more else None,
        "total": int(np.count_nonzero(wanted)),
        "describing": known.alike.missing if known.alike else 0,
    }


def _next(
    query: PatchQuery,
    wanted: NDArray[np.bool_],
    keys: patch_orders.Keys | None,
    behind: int | None,
) -> NDArray[np.int64]:
    """Numbers of the patches of a page and, where there are more, of one behind it."""
    limit = query.limit + 1
    if keys is None:
        return patch_orders.next_by_number(wanted, after=behind, limit=limit)
    return patch_orders.next_in_order(keys, wanted, after=behind, limit=limit)


def _shown(known: Known, numbers: NDArray[np.int64], *, sees_scores: bool) -> list[ShownPatch]:
    places = known.layout.patches(numbers)
    scores = _scores(known, numbers, places) if sees_scores else _unknown(numbers)
    said: list[list[Said]] | list[None] = [None] * numbers.size
    if known.doubts is not None:
        said = known.doubts.said(places)
    codes, out = known.codes[numbers].tolist(), known.out[numbers].tolist()
    return [
        {
            "image": place.image,
            "row": place.row,
            "column": place.column,
            "value": NAMES.get(code),
            "score": None if np.isnan(score) else round(score, 4),
            "said": voices,
            "left_out": gone,
        }
        for place, code, gone, score, voices in zip(
            places, codes, out, scores.tolist(), said, strict=True
        )
    ]


def _scores(known: Known, numbers: NDArray[np.int64], places: list[Place]) -> Scores:
    """(numbers,) what a model expects; where not all is read, of the images on this page alone."""
    if known.scores is not None:
        return known.scores[numbers]
    scores = scores_of_images(
        dataset=known.dataset,
        structure=known.query.structure,
        layout=known.layout,
        images={place.image for place in places},
    )
    return scores[numbers].astype(np.float32)


def _unknown(numbers: NDArray[np.int64]) -> Scores:
    return np.full(numbers.size, np.nan, dtype=np.float32)
