"""Scoring results against references, whichever of the two came last."""

import logging
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from annotations import storage
from annotations.imaging.store.read import open_store
from annotations.models import Reference
from inference.comparing import Comparison, compare_bands
from inference.masks import object_bands_of
from inference.models import ReferenceScore, Segmentation

logger = logging.getLogger(__name__)
Labels = npt.NDArray[np.integer]
# So that one sweep ends; the next takes the others.
AT_ONCE = 50


def score_against_references() -> int:
    """Compare what has not been compared as it is now; returns how many were.

    Safe to run twice at once: both write the same.
    """
    return sum(_scored(pk) for pk in _open())


def _open() -> list[int]:
    """Segmentations with a reference whose score is missing or about other files."""
    reference = Reference.objects.filter(
        image=OuterRef("image"), structure=OuterRef("structure")
    ).values("key")[:1]
    known = ReferenceScore.objects.filter(
        segmentation=OuterRef("pk"),
        segmentation_key=OuterRef("key"),
        reference_key=OuterRef("reference"),
    )
    rows = Segmentation.objects.annotate(reference=Subquery(reference))
    rows = rows.filter(~Exists(known), reference__isnull=False).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _scored(pk: int) -> bool:
    own = Segmentation.objects.select_related("image").filter(pk=pk).first()
    if own is None:
        return False
    reference = Reference.objects.select_related("image").filter(
        image=own.image_id, structure=own.structure_id
    )
    if (known := reference.first()) is None:
        return False
    try:
        return _keep(own, known, compare_bands(_bands(own, known)))
    except FileNotFoundError:
        # Replaced or deleted meanwhile: the next sweep sees what is there then.
        logger.warning("%s could not be compared with its reference", own, exc_info=True)
        return False


def _bands(own: Segmentation, reference: Reference) -> Iterator[tuple[Labels, Labels]]:
    """(h, W) labels of both, from top to bottom."""
    map_, known = open_store(storage.place(own.map)), open_store(reference.labels)
    width = own.image.width

    def levels(y0: int, y1: int) -> npt.NDArray[np.uint8]:
        return np.asarray(map_.read(y0, y1, 0, width)[0], dtype=np.uint8)

    for y0, found in object_bands_of(
        levels,
        own.threshold,
        own.separation,
        height=own.image.height,
        width=width,
        pixel_size_um=own.image.pixel_size_um,
    ):
        labels = known.read(y0, y0 + len(found), 0, width)[0]
        yield found, labels.astype(np.int64)


def _keep(own: Segmentation, reference: Reference, compared: Comparison) -> bool:
    with transaction.atomic():
        # Held, so that no threshold changes between the look and the write.
        now = Segmentation.objects.select_for_update().filter(pk=own.pk).first()
        if now is None or _made_with(now) != _made_with(own):
            return False
        values = {
            "segmentation_key": own.key,
            "reference_key": reference.key,
            "pixel_f1": compared.pixel_f1,
            "iou": compared.iou,
            "object_f1": compared.object_f1,
            "count_error": compared.count_error,
        }
        ReferenceScore.objects.update_or_create(segmentation=own, defaults=values)
    return True


def _made_with(own: Segmentation) -> tuple[object, ...]:
    return own.key, own.threshold, own.separation
