"""How far a data set is labelled, counted from the answers each time.

Patches that are left out are not asked for, so they count nowhere but in the answers by kind.
"""

from collections import Counter
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet

from annotations.models import Dataset, Image, Label, LeftOut, Structure, User
from annotations.models.label import Answer
from annotations.services.left_out import Cell, left_out_cells


class StructureProgress(TypedDict):
    id: int
    name: str
    colour: str
    yes: int
    no: int
    unsure: int
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
    """Answers of all members per structure, and the user's own per image."""
    images = list(dataset.images.ready().select_related("dataset"))
    left_out = left_out_cells(dataset=dataset)
    mine = _own_patches(dataset, user, left_out)
    shown = [
        _image(image, mine.get(image.pk, 0), len(left_out.get(image.pk, ()))) for image in images
    ]
    return {
        "patches": sum(image["patches"] for image in shown),
        "structures": _structures(dataset, left_out),
        "images": shown,
    }


def _structures(dataset: Dataset, left_out: dict[int, set[Cell]]) -> list[StructureProgress]:
    answers = {value: Count("pk", filter=Q(value=value)) for value in Answer.values}
    labels = Label.objects.filter(image__dataset=dataset).order_by()
    rows: Any = labels.values("structure_id").annotate(**answers)
    counts: dict[int, dict[str, int]] = {row["structure_id"]: row for row in rows}
    patches = labels.values_list("structure_id", "image_id", "row", "column").distinct()
    labelled: dict[int, int] = {}
    for structure_id, image_id, row, column in patches:
        if (row, column) in left_out.get(image_id, ()):
            continue
        labelled[structure_id] = labelled.get(structure_id, 0) + 1
    return [
        _structure(structure, counts.get(structure.pk, {}), labelled.get(structure.pk, 0))
        for structure in Structure.objects.filter(project=dataset.project_id)
    ]


def _structure(structure: Structure, counts: dict[str, int], labelled: int) -> StructureProgress:
    return {
        "id": structure.pk,
        "name": structure.name,
        "colour": structure.colour,
        "yes": counts.get("yes", 0),
        "no": counts.get("no", 0),
        "unsure": counts.get("unsure", 0),
        "labelled": labelled,
    }


def answered_patches(images: QuerySet[Image], user: User) -> Counter[int]:
    """For each image, how many of the patches that are asked about the user has answered."""
    mine = Label.objects.filter(image__in=images.order_by(), annotator=user).order_by()
    out = LeftOut.objects.filter(image__in=images.order_by()).order_by()
    left_out = set(out.values_list("image_id", "row", "column"))
    cells = mine.values_list("image_id", "row", "column").distinct()
    return Counter(cell[0] for cell in cells if cell not in left_out)


def _own_patches(dataset: Dataset, user: User, left_out: dict[int, set[Cell]]) -> dict[int, int]:
    """For each image, how many patches the user has answered about any structure."""
    mine = Label.objects.filter(image__dataset=dataset, annotator=user).order_by()
    counted: dict[int, int] = {}
    for image_id, row, column in mine.values_list("image_id", "row", "column").distinct():
        if (row, column) in left_out.get(image_id, ()):
            continue
        counted[image_id] = counted.get(image_id, 0) + 1
    return counted


def _image(image: Image, labelled: int, left_out: int) -> ImageProgress:
    return {
        "id": image.pk,
        "labelled": labelled,
        "patches": image.grid.rows * image.grid.columns - left_out,
    }
