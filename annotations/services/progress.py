"""How far a data set is labelled, counted from the answers each time.

Patches that are left out are not asked for, so they count nowhere but in the answers by kind.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TypedDict

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from annotations.models import Dataset, Image, Label, LeftOut, Structure, User
from annotations.services.access import role_of, sees_others
from annotations.services.patches.values import left_out
from annotations.services.ratings import NO, UNSURE, YES
from annotations.services.sheets import Layout, layout_of
from annotations.services.tallies import tallies_of
from annotations.services.tally import Tally

Mask = NDArray[np.bool_]


class StructureProgress(TypedDict):
    id: int
    name: str
    colour: str
    # None where the user may not see what others answered.
    yes: int | None
    no: int | None
    unsure: int | None
    labelled: int


class ImageProgress(TypedDict):
    id: int
    labelled: int
    patches: int


class DatasetProgress(TypedDict):
    patches: int
    structures: list[StructureProgress]
    images: list[ImageProgress]


def dataset_progress(*, dataset: Dataset, user: User) -> DatasetProgress:
    """Answers of all members per structure, and the user's own per image, as they are now.

    In a blind project managers alone learn which answers they are: of two people, each could
    subtract their own.
    """
    project = dataset.project
    sees = sees_others(role_of(user=user, project=project), project)
    structures = list(Structure.objects.filter(project=dataset.project_id))
    keys = [structure.pk for structure in structures]
    with tallies_of(dataset=dataset, structures=keys) as tallies:
        layout = next((tally.layout for tally in tallies.values()), None) or layout_of(dataset)
        asked = ~left_out(dataset=dataset, layout=layout)
        images = _images(layout, asked, _own(tallies.values(), layout, user))
        shown = [
            _structure(structure, tallies[structure.pk], asked, sees=sees)
            for structure in structures
        ]
    patches = sum(image["patches"] for image in images)
    return {"patches": patches, "structures": shown, "images": images}


def _own(tallies: Iterable[Tally], layout: Layout, user: User) -> Mask:
    """(patches,) whether the user has answered about any structure."""
    answered = np.zeros(layout.size, dtype=np.bool_)
    for tally in tallies:
        codes = tally.sheet.codes.get(user.pk)
        if codes is not None:
            answered |= codes != 0
    return answered


def _images(layout: Layout, asked: Mask, answered: Mask) -> list[ImageProgress]:
    patches, labelled = layout.per_image(asked), layout.per_image(asked & answered)
    return [
        {"id": image, "labelled": own, "patches": count}
        for image, own, count in zip(
            layout.images.tolist(), labelled.tolist(), patches.tolist(), strict=True
        )
    ]


def _structure(structure: Structure, tally: Tally, asked: Mask, *, sees: bool) -> StructureProgress:
    return {
        "id": structure.pk,
        "name": structure.name,
        "colour": structure.colour,
        "yes": tally.sheet.count(YES) if sees else None,
        "no": tally.sheet.count(NO) if sees else None,
        "unsure": tally.sheet.count(UNSURE) if sees else None,
        "labelled": int(np.count_nonzero((tally.counts > 0) & asked)),
    }


def answered_patches(images: QuerySet[Image], user: User) -> Counter[int]:
    """For each image, how many of the patches that are asked about the user has answered."""
    mine = Label.objects.filter(image__in=images.order_by(), annotator=user).order_by()
    out = LeftOut.objects.filter(image__in=images.order_by()).order_by()
    left_out = set(out.values_list("image_id", "row", "column"))
    cells = mine.values_list("image_id", "row", "column").distinct()
    return Counter(cell[0] for cell in cells if cell not in left_out)
