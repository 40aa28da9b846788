"""Guessing what every patch of a data set shows, from the answers there are."""

import numpy as np
from django.db import transaction
from django.db.models import Max
from numpy.typing import NDArray

from annotations.guesses import guesses
from annotations.models import Dataset, Image, LabelChange, PatchGuesses, Structure
from annotations.services.patches.described import described
from annotations.services.scores import STORED
from annotations.services.sheets import CODES, Layout, layout_of, read_sheet

# Of more patches than these, so many are guessed by lot: they are more than anybody can answer.
MOST_PATCHES = 200_000


def renew_guesses(dataset_id: int, structure_id: int) -> None:
    """Guess anew unless nothing changed. Delivered twice, the second time is in vain.

    What is gone meanwhile is left alone; an image that cannot be read has no guesses.
    """
    dataset = Dataset.objects.filter(pk=dataset_id).first()
    structure = Structure.objects.filter(pk=structure_id).first()
    if dataset is None or structure is None or structure.project_id != dataset.project_id:
        return
    newest = _newest_change(dataset, structure)
    kept = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    if newest and (kept.aggregate(until=Max("known_until"))["until"] or 0) < newest:
        # The changes were looked up before the answers are read, so none is passed over.
        layout = layout_of(dataset)
        answered, yes = _answers(dataset, structure, layout)
        found = guesses(_features(dataset, layout, answered), answered, yes)
        _keep(dataset, structure, layout, found, newest)


def _newest_change(dataset: Dataset, structure: Structure) -> int:
    changes = LabelChange.objects.filter(structure=structure, image__dataset=dataset)
    return changes.aggregate(newest=Max("pk"))["newest"] or 0


def _answers(
    dataset: Dataset, structure: Structure, layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Positions where more people say yes than no or the other way round, and which it is."""
    balance = np.zeros(layout.size, dtype=np.int64)
    for codes in read_sheet(dataset=dataset, structure=structure, layout=layout).codes.values():
        balance += (codes == CODES["yes"]).astype(np.int64) - (codes == CODES["no"])
    answered = np.flatnonzero(balance)
    return answered, balance[answered] > 0


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
    newest: int,
) -> None:
    """Replace what there is, all images at once, unless somebody knew more meanwhile."""
    with transaction.atomic():
        Structure.objects.select_for_update().get(pk=structure.pk)
        kept = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
        if (kept.aggregate(until=Max("known_until"))["until"] or 0) >= newest:
            return
        kept.delete()
        there = set(Image.objects.filter(dataset=dataset).values_list("pk", flat=True))
        PatchGuesses.objects.bulk_create(
            PatchGuesses(
                image_id=key,
                structure=structure,
                rows=int(layout.rows[number]),
                columns=int(layout.columns[number]),
                scores=found[layout.starts[number] : layout.starts[number + 1]]
                .astype(STORED)
                .tobytes(),
                known_until=newest,
            )
            for number, key in enumerate(layout.images.tolist())
            if key in there
        )
