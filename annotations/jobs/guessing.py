"""Guessing from the answers there are what every patch shows, and which to ask about next."""

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from numpy.typing import NDArray

from annotations.guesses import guesses
from annotations.models import Dataset, Image, LabelChange, Lease, PatchGuesses, Structure
from annotations.services.guessing import known_until
from annotations.services.patches.described import described
from annotations.services.patches.values import left_out
from annotations.services.scores import STORED, STORED_TURNS
from annotations.services.sheets import (
    CODES,
    Layout,
    Positions,
    layout_of,
    positions_of,
    read_sheet,
)
from annotations.turns import Asked, turns

# Of more patches than these, so many are guessed by lot: they are more than anybody can answer.
MOST_PATCHES = 200_000
# More turns than a team can take until they are made anew.
MOST_TURNS = 512


def renew_guesses(dataset_id: int, structure_id: int) -> None:
    """Guess anew unless nothing changed. Delivered twice, the second time is in vain.

    What is gone meanwhile is left alone; an image that cannot be read has no guesses.
    """
    dataset = Dataset.objects.filter(pk=dataset_id).first()
    structure = Structure.objects.filter(pk=structure_id).first()
    if dataset is None or structure is None or structure.project_id != dataset.project_id:
        return
    newest = _newest_change(dataset, structure)
    if _is_news(dataset, structure, newest):
        # The changes were looked up before the answers are read, so none is passed over.
        layout = layout_of(dataset)
        asked = _asked(dataset, structure, layout)
        features = _features(dataset, layout, asked.answered)
        found = guesses(features, asked.answered, asked.yes, seed=newest)
        free = ~left_out(dataset=dataset, layout=layout)
        order = turns(features, asked, free, found, most=MOST_TURNS, seed=newest)
        _keep(dataset, structure, layout, found, order, newest)


def _is_news(dataset: Dataset, structure: Structure, newest: int) -> bool:
    """Whether more is known than what is kept knows; nothing kept knows nothing at all."""
    until = known_until(dataset=dataset, structure=structure)
    return until is None or until < newest


def _newest_change(dataset: Dataset, structure: Structure) -> int:
    changes = LabelChange.objects.filter(structure=structure, image__dataset=dataset)
    return changes.aggregate(newest=Max("pk"))["newest"] or 0


def _asked(dataset: Dataset, structure: Structure, layout: Layout) -> Asked:
    """Answered are patches about which more people say yes than no or the other way round."""
    balance = np.zeros(layout.size, dtype=np.int64)
    pending = np.zeros(layout.size, dtype=np.bool_)
    for codes in read_sheet(dataset=dataset, structure=structure, layout=layout).codes.values():
        balance += (codes == CODES["yes"]).astype(np.int64) - (codes == CODES["no"])
        pending |= codes != 0
    pending[_lent(dataset, structure, layout)] = True
    answered = np.flatnonzero(balance)
    pending[answered] = False
    return Asked(answered, balance[answered] > 0, np.flatnonzero(pending))


def _lent(dataset: Dataset, structure: Structure, layout: Layout) -> Positions:
    """What people have in hand: an answer will come without asking anybody else."""
    leases = Lease.objects.filter(structure=structure, image__dataset=dataset)
    return positions_of(leases.filter(expires_at__gt=timezone.now()), layout)


def _features(dataset: Dataset, layout: Layout, answered: NDArray[np.int64]) -> NDArray[np.float32]:
    """(patches, features): nan for images of other channels, and for those left out by lot."""
    images = dataset.images.ready().select_related("dataset").in_bulk(layout.images.tolist())
    parts = {key: described(image) for key, image in images.items()}
    width = max((part.shape[1] for part in parts.values() if part is not None), default=1)
    features = np.full((layout.size, width), np.nan, dtype=np.float32)
    for number, key in enumerate(layout.images.tolist()):
        part = parts.get(key)
        span = slice(layout.starts[number], layout.starts[number + 1])
        if part is not None and part.shape == features[span].shape:
            features[span] = part
    if layout.size > MOST_PATCHES:
        lots = np.random.default_rng(dataset.pk).permutation(layout.size)
        lots = lots[~np.isin(lots, answered)]
        features[lots[MOST_PATCHES:]] = np.nan
    return features


def _keep(
    dataset: Dataset,
    structure: Structure,
    layout: Layout,
    found: NDArray[np.float32],
    order: Positions,
    newest: int,
) -> None:
    """Replace what there is, all images at once, unless somebody knew more meanwhile."""
    turn = np.zeros(layout.size, dtype=STORED_TURNS)
    turn[order] = np.arange(1, order.size + 1)
    with transaction.atomic():
        Structure.objects.select_for_update().get(pk=structure.pk)
        if not _is_news(dataset, structure, newest):
            return
        PatchGuesses.objects.filter(structure=structure, image__dataset=dataset).delete()
        there = set(Image.objects.filter(dataset=dataset).values_list("pk", flat=True))
        PatchGuesses.objects.bulk_create(
            _row(structure, layout, number, found, turn, newest)
            for number, key in enumerate(layout.images.tolist())
            if key in there
        )


def _row(
    structure: Structure,
    layout: Layout,
    number: int,
    found: NDArray[np.float32],
    turn: NDArray[np.uint16],
    newest: int,
) -> PatchGuesses:
    span = slice(layout.starts[number], layout.starts[number + 1])
    return PatchGuesses(
        image_id=int(layout.images[number]),
        structure=structure,
        rows=int(layout.rows[number]),
        columns=int(layout.columns[number]),
        scores=found[span].astype(STORED).tobytes(),
        turns=turn[span].tobytes() if turn[span].any() else b"",
        known_until=newest,
    )
