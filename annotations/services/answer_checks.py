"""What must be true of answers before the first of them is written."""

from collections.abc import Sequence
from typing import NamedTuple

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Structure
from annotations.services.given import Given, GridNamed


def checked_dataset(
    dataset: Dataset, answers: Sequence[Given], grid: GridNamed | None = None
) -> Dataset:
    """The data set as it is now; Rejected names the first answer at fault, and all their events."""
    current = Dataset.objects.filter(pk=dataset.pk).first()
    if current is None:
        raise Rejected(f"The data set {dataset.name} has been deleted.")
    if grid is not None and grid != (current.patch_size, current.overlap):
        raise Rejected(
            "The patches of this data set have been cut anew. Load the page again.", conflict=True
        )
    images = _images(current, answers)
    structures = _structures(current, answers)
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


def _images(dataset: Dataset, answers: Sequence[Given]) -> dict[int, _Patches]:
    found = Image.objects.filter(dataset=dataset, pk__in={given.image for given in answers})
    images = {}
    for image in found.only("name", "state", "height", "width"):
        image.dataset = dataset
        ready = image.state == Image.State.READY
        fault = None if ready else f"{image.name} is not ready to be labelled yet."
        images[image.pk] = _Patches(image.name, image.grid.rows, image.grid.columns, fault)
    return images


def _structures(dataset: Dataset, answers: Sequence[Given]) -> set[int]:
    asked = {given.structure for given in answers}
    found = Structure.objects.filter(project=dataset.project_id, pk__in=asked)
    return set(found.values_list("pk", flat=True))


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
