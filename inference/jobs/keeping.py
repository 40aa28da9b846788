"""Keeping a segmentation: files first, under a fresh key, then the row that points at them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from annotations import storage
from annotations.imaging.grid import Grid
from annotations.imaging.store.read import open_store
from annotations.imaging.whole import whole_file
from annotations.jobs.claiming import hold
from annotations.models import Image
from annotations.services.working import open_working, working_channels
from inference.masks import ReadMap, object_bands_of
from inference.measure import measure_bands
from inference.micranet.errors import Stopped
from inference.models import ModelStructure, Run, Segmentation
from inference.models.separated import separation_fields
from inference.objects.choice import Separation
from inference.objects.components import Labels

ShouldStop = Callable[[], bool]


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Found:
    """What the model says about one structure of one image.

    map: a store of uint8 (H, W), 0 to 255 for 0 to 1, anywhere on the disk of the image;
    patch_scores: float32 (rows, columns), 0 to 1.
    """

    map: Path
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
    should_stop: ShouldStop = _never,
) -> Segmentation | None:
    """Take the map, write patch scores and objects, then replace the row of (image, model,
    structure).

    None, with no file left, where the image has been deleted meanwhile.

    Raises:
        Stopped: another worker has the run, or `should_stop` said so; nothing is kept.
    """
    draft = Segmentation(
        image=image, model=output.model, structure=output.structure, key=uuid.uuid4()
    )
    draft.folder.mkdir(parents=True)
    try:
        found.map.rename(draft.map)
        np.save(draft.patch_scores, found.patch_scores)
        table = measured(draft, found.threshold, found.separation, should_stop)
        write_objects(draft.objects_table, table)
        storage.publish(draft.map)
        kept = _replace(draft, run, found, table)
    except BaseException:
        storage.remove(draft.folder)
        raise
    if kept is None:
        storage.remove(image.folder)
    return kept


def measured(
    segmentation: Segmentation,
    threshold: float,
    separation: Separation,
    should_stop: ShouldStop = _never,
) -> pa.Table:
    """One row for each object of the map, cut at a threshold; memory holds a few bands of rows.

    Raises:
        FileNotFoundError: map or image are gone.
        NoPixelSize: a separation in µm, and the image has no pixel size.
        Stopped: `should_stop` said so.
    """
    image = segmentation.image
    levels, seen = levels_of(segmentation, should_stop), open_working(image)
    return measure_bands(
        object_bands(segmentation, levels, threshold, separation),
        lambda y0, y1: seen.read(y0, y1, 0, image.width),
        score=lambda y0, y1: levels(y0, y1) / np.float32(255),
        pixel_size_um=image.pixel_size_um,
        channel_names=[channel["name"] for channel in working_channels(image)],
    )


def levels_of(segmentation: Segmentation, should_stop: ShouldStop = _never) -> ReadMap:
    """Reads rows of the map; its calls raise Stopped once `should_stop` says so."""
    map_, width = open_store(storage.place(segmentation.map)), segmentation.image.width

    def levels(y0: int, y1: int) -> npt.NDArray[np.uint8]:
        if should_stop():
            raise Stopped("Looking for objects was stopped.")
        return np.asarray(map_.read(y0, y1, 0, width)[0], dtype=np.uint8)

    return levels


def object_bands(
    segmentation: Segmentation, levels: ReadMap, threshold: float, separation: Separation
) -> Iterator[tuple[int, Labels]]:
    """(y0, int32 (h, W)): the numbered objects of the map, band by band."""
    image = segmentation.image
    return object_bands_of(
        levels,
        threshold,
        separation,
        height=image.height,
        width=image.width,
        pixel_size_um=image.pixel_size_um,
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
            transaction.on_commit(lambda: storage.remove(former))
    return kept
