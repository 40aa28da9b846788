"""The label images in an export, and where their objects are; memory holds a few bands of rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from annotations.errors import Rejected
from annotations.jobs.reporter import Reporter
from inference.export.bundle import Bundle
from inference.export.label_tiff import write_label_tiff
from inference.jobs.keeping import levels_of, object_bands
from inference.models import Segmentation
from inference.objects.components import Labels
from inference.objects.detections import Detecting


@dataclass(frozen=True)
class Mask:
    """A label image in the zip, by its name there, and where its objects are."""

    name: str
    detections: pa.Table


def add_masks(bundle: Bundle, segmentations: list[Segmentation], reporter: Reporter) -> list[Mask]:
    """Write a label image for each segmentation.

    Raises:
        Rejected: the objects of one have been made anew meanwhile.
        Stopped: the reporter said so.
    """
    masks = []
    for number, segmentation in enumerate(segmentations):
        name = segmentation.image.name
        reporter.note(0.9 * number / len(segmentations), f"Writing the mask of {name}")
        masks.append(_add_mask(bundle, segmentation, reporter))
    return masks


def _add_mask(bundle: Bundle, own: Segmentation, reporter: Reporter) -> Mask:
    image, detecting = own.image, Detecting(_objects(own))
    stem = f"{Path(image.name).stem}_{own.structure.name}"
    name = bundle.add(
        stem,
        ".tif",
        lambda path: write_label_tiff(
            _bands(own, detecting, reporter),
            path,
            shape=(image.height, image.width),
            highest=own.object_count,
            pixel_size_um=image.pixel_size_um,
        ),
        folder="masks",
    )
    return Mask(name, detecting.table())


def _objects(own: Segmentation) -> pa.Table:
    objects = pq.read_table(own.objects_table)
    if objects.num_rows != own.object_count:
        raise Rejected(f"The objects of {own.image.name} have just been changed. Export again.")
    return objects


def _bands(
    own: Segmentation, detecting: Detecting, reporter: Reporter
) -> Iterator[tuple[int, Labels]]:
    levels = levels_of(own, reporter.should_stop)
    for y0, labels in object_bands(own, levels, own.threshold, own.separation):
        detecting.add(labels, y0, levels(y0, y0 + len(labels)) / np.float32(255))
        yield y0, labels
