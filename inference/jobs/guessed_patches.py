"""Patches that nobody answered, read to teach with what the answers let expect of them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from annotations.models import Dataset, Image, Label, LeftOut
from annotations.services.patches.described import described
from inference.jobs.patch_reading import Cell, read_patches
from inference.micranet.data import TrainingData
from inference.micranet.guessed import room_for_guesses, with_guesses

# Each costs the reading of its descriptors, or their making.
MOST_IMAGES = 100
_SEED = 0

Descriptors = npt.NDArray[np.float16]
Answered = Sequence[tuple[Image, Sequence[Cell]]]


def add_guesses(
    data: TrainingData, *, dataset: Dataset, answered: Answered, downscale: int
) -> TrainingData:
    """Fill up what trains with unanswered patches, drawn by lot.

    They are of images that train or that nobody has answered yet: what is kept for validation and
    test stays unseen. Nothing is guessed of patches that people left out or about which they
    differ. The same answers draw the same lots, so that a training that was stopped goes on.

    Args: ``answered``: images and their patches in the order of the data.
    """
    room = room_for_guesses(int((~data.validation).sum()))
    images = _teaching(dataset) if room else []
    known = _alike({image.pk: described(image) for image in images})
    images = [image for image in images if image.pk in known]
    drawn = _drawn(images, room) if images else []
    if not drawn:
        return data
    return with_guesses(
        data,
        _features(answered, known),
        others=np.concatenate([read_patches(image, cells, downscale) for image, cells in drawn]),
        other_features=_features(drawn, known),
    )


def _teaching(dataset: Dataset) -> list[Image]:
    """Images that train, and then others by lot."""
    ready = dataset.images.ready().select_related("dataset").order_by("pk")
    train = list(ready.filter(split=Image.Split.TRAIN))
    others = list(ready.filter(split=""))
    room = max(0, MOST_IMAGES - len(train))
    chosen = np.random.default_rng(_SEED).permutation(len(others))[:room]
    return train + [others[number] for number in sorted(chosen)]


def _drawn(images: Sequence[Image], count: int) -> list[tuple[Image, list[Cell]]]:
    """So many patches of all images about which nobody said anything.

    Large images have hundreds of thousands: they are counted, and listed one image at a time.
    """
    said = _said(images)
    ends = np.cumsum(
        [image.grid.rows * image.grid.columns - len(said[image.pk]) for image in images]
    )
    total = int(ends[-1])
    rng = np.random.default_rng(_SEED)
    chosen = np.sort(rng.choice(total, min(count, total), replace=False))
    parts = np.split(chosen, np.searchsorted(chosen, ends[:-1]))
    starts = [0, *ends[:-1].tolist()]
    return [
        (image, _free(image, said[image.pk], own - start))
        for image, own, start in zip(images, parts, starts, strict=True)
        if own.size
    ]


def _free(image: Image, said: set[Cell], chosen: npt.NDArray[np.int64]) -> list[Cell]:
    """The chosen ones, by number, of the patches about which nobody said anything."""
    free = np.ones((image.grid.rows, image.grid.columns), dtype=np.bool_)
    for cell in said:
        free[cell] = False
    rows, columns = np.unravel_index(np.flatnonzero(free)[chosen], free.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _said(images: Sequence[Image]) -> Mapping[int, set[Cell]]:
    """Per image, patches with an answer of whatever kind, and those left out."""
    said: dict[int, set[Cell]] = {image.pk: set() for image in images}
    for model in (Label, LeftOut):
        rows = model._default_manager.filter(image__in=said).order_by()
        for image, row, column in rows.values_list("image_id", "row", "column").distinct():
            said[image].add((row, column))
    return said


def _alike(described: Mapping[int, Descriptors | None]) -> dict[int, Descriptors]:
    """Descriptors of the images that have most channels; others cannot be compared with them."""
    found = {key: own for key, own in described.items() if own is not None}
    most = max((own.shape[1] for own in found.values()), default=0)
    return {key: own for key, own in found.items() if own.shape[1] == most}


def _features(
    patches: Iterable[tuple[Image, Sequence[Cell]]], known: Mapping[int, Descriptors]
) -> npt.NDArray[np.float32]:
    """(N, F) of patches in their order; nan for images that are not known."""
    width = next(iter(known.values())).shape[1]
    nothing = np.full((1, width), np.nan, dtype=np.float16)
    parts = []
    for image, cells in patches:
        own, columns = known.get(image.pk), image.grid.columns
        rows = [0 if own is None else row * columns + column for row, column in cells]
        parts.append((nothing if own is None else own)[rows].astype(np.float32))
    return np.concatenate(parts)
