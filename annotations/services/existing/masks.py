"""Masks and outlines that exist already: as answers, as references, or both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from annotations.errors import Rejected
from annotations.imaging.errors import ImageRefused
from annotations.imaging.grid import patch_labels
from annotations.models import Dataset, Image, Reference, Role, Structure, User
from annotations.services.access import require_role
from annotations.services.answers.batches import MAX_ANSWERS, record_answers
from annotations.services.answers.given import Given, GridNamed
from annotations.services.existing.references import keep_reference
from annotations.services.structures import refuse_foreign
from annotations.services.telling import Tell, nobody

if TYPE_CHECKING:
    # scikit-image and readers of files are heavy, and few requests need them.
    from annotations.imaging.outlines.shapes import Labels

SUFFIXES = ("", "_mask", "_masks", "_label", "_labels", "_cp_masks", "-mask", "-labels", "_rois")
# Shares of the whole: when the file is read, and when the answers are written.
READ, WRITTEN = 0.2, 0.8


@dataclass(frozen=True)
class Taken:
    """What a file said, and what became of it.

    yes, no: patches, by the 2 % rule. changed: answers that are new or other than before.
    passed_over: sentences about what of the file was not used.
    """

    image: int
    image_name: str
    objects: int
    area_px: int
    yes: int
    no: int
    changed: int
    replaces: bool
    passed_over: Sequence[str]


def take_mask(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure,
    name: str,
    path: Path,
    answers: bool,
    reference: bool,
    dry_run: bool = False,
    tell: Tell = nobody,
) -> Taken:
    """Take in a mask, QuPath's GeoJSON or ImageJ's regions of the image with the same stem.

    With `answers`, every patch is answered by `by`: yes where more than 2 % of it is covered,
    else no. With `reference`, the objects are kept to compare results with; an earlier reference
    of the structure is replaced. `dry_run` only says what would happen.
    """
    _require(by, dataset, structure, reference=reference)
    image = image_of(dataset, name)
    tell(0, f"Reading {name}")
    origin, labels, passed_over = _read(path, name, image)
    present = _present(image, labels)
    given = _given(image, structure, present) if answers else []
    changed = _changed(by, image, structure, given) if dry_run else _answer(by, image, given, tell)
    replaces = Reference.objects.filter(image=image, structure=structure).exists()
    if reference and not dry_run:
        tell(WRITTEN, "Keeping the reference")
        keep_reference(by, image, structure, name, origin, labels)
    return Taken(
        image=image.pk,
        image_name=image.name,
        objects=int(labels.max(initial=0)),
        area_px=int(np.count_nonzero(labels)),
        yes=int(present.sum()),
        no=int((~present).sum()),
        changed=changed,
        replaces=reference and replaces,
        passed_over=passed_over,
    )


def _require(by: User, dataset: Dataset, structure: Structure, *, reference: bool) -> None:
    least = Role.MANAGER if reference else Role.ANNOTATOR
    require_role(user=by, project=dataset.project, role=least)
    refuse_foreign(structure, dataset)


def image_of(dataset: Dataset, name: str) -> Image:
    """The image that a file is about: of the same stem, or of the stem before "_mask" and such."""
    stem = Path(name).stem.lower().removesuffix(".ome")
    wanted = {stem.removesuffix(suffix) for suffix in SUFFIXES}
    images = dataset.images.ready().select_related("dataset")
    found = [image for image in images if _stem(image) in wanted]
    exact = [image for image in found if _stem(image) == stem]
    chosen = exact or found
    if not chosen:
        raise Rejected(
            f"{name}: no image of this data set is called {Path(name).stem}. Name the file like "
            "its image, with any ending.",
            field="file",
        )
    if len(chosen) > 1:
        names = ", ".join(image.name for image in chosen[:3])
        raise Rejected(f"{name}: several images are called like this: {names}.", field="file")
    return chosen[0]


def _stem(image: Image) -> str:
    return Path(image.name).stem.lower().removesuffix(".ome")


def _read(path: Path, name: str, image: Image) -> tuple[Reference.Origin, "Labels", list[str]]:
    from annotations.imaging.outlines.geojson import read_geojson
    from annotations.imaging.outlines.mask import read_mask
    from annotations.imaging.outlines.rois import read_rois
    from annotations.imaging.outlines.shapes import rasterise

    size = image.height, image.width
    try:
        if name.lower().endswith((".geojson", ".json")):
            drawn = read_geojson(path.read_bytes())
            labels = rasterise(drawn.shapes, *size)
            return Reference.Origin.GEOJSON, labels, drawn.passed_over
        if name.lower().endswith((".roi", ".zip")):
            drawn = read_rois(path)
            return Reference.Origin.ROI, rasterise(drawn.shapes, *size), drawn.passed_over
        labels = read_mask(path, name=name, height=image.height, width=image.width)
        return Reference.Origin.MASK, labels, []
    except ImageRefused as refusal:
        raise Rejected(f"{name}: {refusal}", field="file") from refusal


def _present(image: Image, labels: "Labels") -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    grid = image.grid
    return patch_labels(labels > 0, grid.patch_size, overlap=grid.overlap)


def _given(
    image: Image,
    structure: Structure,
    present: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> list[Given]:
    return [
        Given(
            image=image.pk,
            structure=structure.pk,
            row=row,
            column=column,
            value="yes" if shows else "no",
        )
        for (row, column), shows in np.ndenumerate(present)
    ]


def _changed(by: User, image: Image, structure: Structure, given: list[Given]) -> int:
    rows = image.labels.filter(annotator=by, structure=structure)
    mine = {(row, column): value for row, column, value in rows.values_list(
        "row", "column", "value"
    )}  # fmt: skip
    return sum(mine.get((each.row, each.column)) != each.value for each in given)


def _answer(by: User, image: Image, given: list[Given], tell: Tell) -> int:
    grid = GridNamed(image.dataset.patch_size, image.dataset.overlap)
    changed = 0
    with transaction.atomic():
        for start in range(0, len(given), MAX_ANSWERS):
            share = READ + (WRITTEN - READ) * start / len(given)
            tell(share, f"Writing {len(given):,} answers")
            batch = given[start : start + MAX_ANSWERS]
            done = record_answers(by=by, dataset=image.dataset, answers=batch, grid=grid)
            changed += done.changed
    return changed
