"""Keeping a segmentation: files first, under a fresh key, then the row that points at them."""

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from annotations.imaging.grid import Grid
from annotations.imaging.store import write_map
from annotations.imaging.whole import whole_file
from annotations.models import Image
from annotations.services.working import working_channels
from inference.jobs.claiming import hold
from inference.masks import objects_of
from inference.measure import measure_objects
from inference.models import ModelStructure, Run, Segmentation
from inference.models.separated import separation_fields
from inference.objects.choice import Separation


@dataclass(frozen=True)
class Found:
    """What the model says about one structure of one image.

    map: uint8 (H, W), 0 to 255 for 0 to 1; patch_scores: float32 (rows, columns), 0 to 1.
    """

    map: npt.NDArray[np.uint8]
    patch_scores: npt.NDArray[np.float32]
    grid: Grid
    threshold: float
    separation: Separation


def keep_segmentation(
    *,
    run: Run,
    image: Image,
    output: ModelStructure,
    found: Found,
    planes: npt.NDArray[Any],
) -> Segmentation | None:
    """Write map, patch scores and objects, then replace the row of (image, model, structure).

    None, with no file left, where the image has been deleted meanwhile.

    Raises:
        Stopped: another worker has the run; nothing is kept.
    """
    draft = Segmentation(
        image=image, model=output.model, structure=output.structure, key=uuid.uuid4()
    )
    draft.folder.mkdir(parents=True)
    write_map(found.map, draft.map, pixel_size_um=image.pixel_size_um, name=output.structure.name)
    np.save(draft.patch_scores, found.patch_scores)
    table = measured(found.map, found.threshold, found.separation, image, planes)
    write_objects(draft.objects_table, table)
    try:
        kept = _replace(draft, run, found, table)
    except BaseException:
        shutil.rmtree(draft.folder, ignore_errors=True)
        raise
    if kept is None:
        shutil.rmtree(image.folder, ignore_errors=True)
    return kept


def measured(
    map_: npt.NDArray[np.uint8],
    threshold: float,
    separation: Separation,
    image: Image,
    planes: npt.NDArray[Any],
) -> pa.Table:
    """One row for each object of a thresholded map."""
    return measure_objects(
        objects_of(map_, threshold, separation, pixel_size_um=image.pixel_size_um),
        planes,
        score=map_ / np.float32(255),
        pixel_size_um=image.pixel_size_um,
        channel_names=[channel["name"] for channel in working_channels(image)],
    )


def write_objects(path: Path, table: pa.Table) -> None:
    """Write the object table, whole or not at all."""
    with whole_file(path) as draft:
        pq.write_table(table, draft)


def total_area(table: pa.Table) -> int:
    """px covered by the objects of a table; specks too small to be objects do not count."""
    return sum(table["area"].to_pylist())


def _replace(draft: Segmentation, run: Run, found: Found, table: pa.Table) -> Segmentation | None:
    with transaction.atomic():
        hold(run)
        # Held, so that the image is not deleted between the look and the write.
        if Image.objects.select_for_update().filter(pk=draft.image_id).first() is None:
            return None
        rows = Segmentation.objects.select_for_update().select_related("image")
        old = rows.filter(image=draft.image, model=draft.model, structure=draft.structure).first()
        former = old.folder if old else None
        values = {
            "key": draft.key,
            "run": run,
            "threshold": found.threshold,
            "patch_size": found.grid.patch_size,
            "overlap": found.grid.overlap,
            **separation_fields(found.separation),
            "object_count": table.num_rows,
            "area_px": total_area(table),
        }
        kept, _ = Segmentation.objects.update_or_create(
            image=draft.image, model=draft.model, structure=draft.structure, defaults=values
        )
        if former:
            transaction.on_commit(lambda: shutil.rmtree(former, ignore_errors=True))
    return kept
