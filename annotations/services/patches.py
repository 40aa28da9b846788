"""Which patches of a data set are shown, and in which order: what the gallery asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from django.core.exceptions import PermissionDenied
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.models import Dataset, Role, Structure, User
from annotations.services import patch_orders
from annotations.services.access import may, require_role
from annotations.services.expectations import expectations, guessed, scores_of_images
from annotations.services.guessing import keep_guesses_fresh
from annotations.services.patch_answers import own_codes
from annotations.services.patch_doubts import PatchDoubts, patch_doubts
from annotations.services.patch_likeness import Likeness, likeness
from annotations.services.patch_values import disagreed, left_out
from annotations.services.said import Said
from annotations.services.sheets import CODES, NAMES, Layout, Place, layout_of

STATES = (
    "all",
    "unanswered",
    "answered",
    "mine",
    "yes",
    "no",
    "unsure",
    "disagreement",
    "left-out",
)
# Of one's own answers.
OWN_STATES = ("answered", "mine", "yes", "no", "unsure")
ORDERS = ("image", "random", "uncertain", "certain", "similar", "contradiction")
MOST = 2000
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


@dataclass(frozen=True)
class PatchQuery:
    structure: Structure
    state: str = "all"
    image: int | None = None
    condition: str = ""
    # Of the score, ends included.
    least: float | None = None
    most: float | None = None
    order: str = "image"
    seed: int = 0
    # The patch that others are compared with in the order "similar".
    like: Place | None = None
    cursor: str = ""
    limit: int = 200


def list_patches(*, by: User, dataset: Dataset, query: PatchQuery) -> PatchPage:
    """One page of patches with the person's own answers; scores unless the project hides them.

    A constant number of queries whatever the number of images, patches and answers.
    """
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    _check(dataset, query)
    sees_scores = _sees_scores(by, dataset)
    if not sees_scores and _needs_scores(query):
        raise PermissionDenied(BLIND)
    layout = layout_of(dataset, image=query.image, condition=query.condition)
    structure = query.structure
    codes = own_codes(user=by, dataset=dataset, structure=structure, layout=layout)
    scores: NDArray[np.float32] | None = None
    if _ranks_by_scores(query):
        known = expectations(dataset=dataset, structure=structure, layout=layout)
        scores = known.astype(np.float32)
    out = left_out(dataset=dataset, layout=layout)
    wanted = _wanted(dataset, query, layout, codes, out, scores)
    alike = likeness(dataset=dataset, layout=layout, like=query.like) if query.like else None
    doubts = _doubts(dataset, query, layout, codes)
    if doubts is not None:
        wanted &= ~np.isnan(doubts.doubts)
    ranking = scores
    if query.order == "uncertain" and scores is not None:
        ranking = _doubtful(dataset, structure, layout, scores)
    keys = _keys(query, layout, doubts, ranking, alike)
    after = _after(query.cursor, layout)
    if keys is None:
        numbers = patch_orders.next_by_number(wanted, after=after, limit=query.limit + 1)
    else:
        numbers = patch_orders.next_in_order(keys, wanted, after=after, limit=query.limit + 1)
    shown = numbers[: query.limit]
    more = numbers.size > query.limit
    found = layout.patches(shown)
    if sees_scores and scores is None:
        # Of the images on this page alone.
        images = {place.image for place in found}
        scores = scores_of_images(
            dataset=dataset, structure=structure, layout=layout, images=images
        ).astype(np.float32)
    expected = scores[shown] if sees_scores and scores is not None else None
    return {
        "patches": _shown(
            found,
            codes[shown],
            out[shown],
            expected,
            doubts.said(found) if doubts is not None else None,
        ),
        "next": _cursor(layout, keys, int(shown[-1])) if more else None,
        "total": int(np.count_nonzero(wanted)),
        "describing": alike.missing if alike else 0,
    }


def _doubtful(
    dataset: Dataset, structure: Structure, layout: Layout, scores: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(patches,) what the answers alone lead to expect; a model's word where that is not known."""
    keep_guesses_fresh(dataset=dataset, structure=structure)
    guesses = guessed(dataset=dataset, structure=structure, layout=layout).astype(np.float32)
    return np.where(np.isnan(guesses), scores, guesses)


def _sees_scores(by: User, dataset: Dataset) -> bool:
    return not dataset.project.blind or may(user=by, project=dataset.project, role=Role.MANAGER)


def _needs_scores(query: PatchQuery) -> bool:
    """Orders by certainty tell not which way a model leans, so they stay open to everybody."""
    ranged = query.least is not None or query.most is not None
    return ranged or query.state == "disagreement" or query.order == "contradiction"


def _ranks_by_scores(query: PatchQuery) -> bool:
    ranged = query.least is not None or query.most is not None
    return ranged or query.order in ("uncertain", "certain")


def _doubts(
    dataset: Dataset, query: PatchQuery, layout: Layout, codes: NDArray[np.uint8]
) -> PatchDoubts | None:
    """Everybody's answers against the model and each other; in a list of one's own, those."""
    if query.order != "contradiction":
        return None
    own = codes if query.state in OWN_STATES else None
    return patch_doubts(dataset=dataset, structure=query.structure, places=layout, own=own)


def _check(dataset: Dataset, query: PatchQuery) -> None:
    if query.structure.project_id != dataset.project_id:
        raise Rejected("This structure belongs to another project.", field="structure")
    if query.order == "similar" and query.like is None:
        raise Rejected("Say which patch others should be like.", field="like")


def _wanted(
    dataset: Dataset,
    query: PatchQuery,
    layout: Layout,
    codes: NDArray[np.uint8],
    out: NDArray[np.bool_],
    scores: NDArray[np.float32] | None,
) -> NDArray[np.bool_]:
    wanted = np.ones(layout.size, dtype=np.bool_)
    if query.state == "disagreement":
        wanted &= disagreed(structure=query.structure, dataset=dataset, layout=layout)
    elif query.state == "unanswered":
        wanted &= (codes == 0) & ~out
    elif query.state == "left-out":
        wanted &= out
    elif query.state in ("answered", "mine"):
        wanted &= codes > 0
    elif query.state != "all":
        wanted &= codes == CODES[query.state]
    if scores is not None and query.least is not None:
        wanted &= scores >= query.least
    if scores is not None and query.most is not None:
        wanted &= scores <= query.most
    return wanted


def _keys(
    query: PatchQuery,
    layout: Layout,
    doubts: PatchDoubts | None,
    scores: NDArray[np.float32] | None,
    alike: Likeness | None,
) -> NDArray[np.uint64] | None:
    """What sorts the patches; None in the order of images, which their numbers have."""
    if query.order == "image":
        return None
    lots = layout.lots(query.seed)
    if alike is not None:
        return patch_orders.ranked(alike.distances, lots)
    if doubts is not None:
        return patch_orders.ranked(1 - doubts.doubts, lots)
    if scores is None or query.order == "random":
        return lots
    first = query.order == "uncertain"
    return patch_orders.ranked(patch_orders.uncertainty(scores, least_certain_first=first), lots)


def _cursor(layout: Layout, keys: NDArray[np.uint64] | None, number: int) -> str:
    if keys is not None:
        return f"{int(keys[number]):x}"
    return ":".join(str(part) for part in layout.patches(np.array([number]))[0])


def _after(cursor: str, layout: Layout) -> int | None:
    """The key that a cursor stands for. In the order of images it names the patch itself."""
    try:
        if not cursor:
            return None
        if ":" not in cursor:
            return int(cursor, 16)
        image, row, column = (int(part) for part in cursor.split(":"))
    except ValueError:
        raise Rejected("This is no place to go on from.", field="cursor") from None
    number = layout.position(Place(image, row, column))
    if number is None:
        raise Rejected("The image to go on from is gone. Start again.", field="cursor")
    return number


def _shown(
    places: list[Place],
    codes: NDArray[np.uint8],
    out: NDArray[np.bool_],
    scores: NDArray[np.float32] | None,
    said: list[list[Said]] | None,
) -> list[ShownPatch]:
    expected = np.full(codes.size, np.nan, np.float32) if scores is None else scores
    heard = [None] * codes.size if said is None else said
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
            places, codes.tolist(), out.tolist(), expected.tolist(), heard, strict=True
        )
    ]
