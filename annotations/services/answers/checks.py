"""What must be true of answers before the first of them is written."""

from collections.abc import Sequence
from typing import NamedTuple

from annotations.errors import Rejected
from annotations.imaging.grid import Grid
from annotations.models import Dataset, Image
from annotations.services.answers.given import Given, GridNamed
from annotations.services.statements import among, rows


def checked_grid(
    dataset: Dataset, answers: Sequence[Given], grid: GridNamed | None = None
) -> GridNamed:
    """The data set's grid now; Rejected names the first answer at fault, and all their events."""
    current, images = _images(dataset, answers)
    if grid is not None and grid != current:
        raise Rejected(
            "The patches of this data set have been cut anew. Load the page again.", conflict=True
        )
    structures = _structures(dataset, answers)
    faults = [
        (given, fault)
        for given in answers
        if (fault := _fault(given, images, structures)) is not None
    ]
    if faults:
        refused = [str(given.event) for given, _ in faults if given.event is not None]
        raise Rejected(faults[0][1], field="answers", refused=refused)
    return current


class _Patches(NamedTuple):
    """How many an image has, and why none of them can be answered if so."""

    name: str
    rows: int
    columns: int
    fault: str | None


def _images(dataset: Dataset, answers: Sequence[Given]) -> tuple[GridNamed, dict[int, _Patches]]:
    """The grid, and the images that the answers are about."""
    which, keys = among("i.id", list({given.image for given in answers}))
    found = rows(_IMAGES.format(which=which), [*keys, dataset.pk])
    if not found:
        raise Rejected(f"The data set {dataset.name} has been deleted.")
    current = GridNamed(*found[0][:2])
    images = {}
    for *_, key, name, state, height, width in found:
        if key is not None:
            cut = Grid(height, width, *current)
            ready = state == Image.State.READY
            fault = None if ready else f"{name} is not ready to be labelled yet."
            images[key] = _Patches(name, cut.rows, cut.columns, fault)
    return current, images


_IMAGES = """
SELECT d.patch_size, d.overlap, i.id, i.name, i.state, i.height, i.width
FROM annotations_dataset d
LEFT JOIN annotations_image i ON i.dataset_id = d.id AND {which}
WHERE d.id = %s
"""


def _structures(dataset: Dataset, answers: Sequence[Given]) -> set[int]:
    which, keys = among("id", list({given.structure for given in answers}))
    found = rows(_STRUCTURES.format(which=which), [dataset.project_id, *keys])
    return {key for (key,) in found}


_STRUCTURES = "SELECT id FROM annotations_structure WHERE project_id = %s AND {which}"


def _fault(given: Given, images: dict[int, _Patches], structures: set[int]) -> str | None:
    if given.structure not in structures:
        return "This project has no such structure; it may have been deleted meanwhile."
    image = images.get(given.image)
    if image is None:
        return "This data set has no such image; it may have been deleted meanwhile."
    if image.fault is not None:
        return image.fault
    if not (0 <= given.row < image.rows and 0 <= given.column < image.columns):
        return (
            f"There is no patch at row {given.row}, column {given.column}: {image.name} has "
            f"{image.rows} rows and {image.columns} columns."
        )
    return None
