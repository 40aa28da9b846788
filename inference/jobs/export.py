"""Making one zip of what a model found, with the answers and the model behind it."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import QuerySet

from annotations.errors import Rejected
from annotations.imaging.store import open_store
from annotations.models import Label
from inference.export.bundle import Bundle, write_bundle
from inference.export.label_tiff import write_label_tiff
from inference.export.tables import LabelRow, write_labels_csv, write_objects_csv
from inference.jobs.reporter import Reporter
from inference.masks import objects_of
from inference.micranet.errors import Stopped
from inference.models import ModelStructure, ModelVersion, Run, Segmentation

ABOUT = {
    "masks/": "Label images, one per image and structure: 0 is background, every other number is "
    "one object. TIFF with the pixel size of the image where that is known.",
    "objects.csv": "One line per object: size, place, shape, mean intensity per channel. `label` "
    "is its number in the label image; lengths are in px, and in µm where the column says so.",
    "thresholds.csv": "The file and the threshold of each mask, its number of objects and area.",
    "labels.csv": "Every answer: who said what about which patch. Pixel ranges exclude their end.",
    "model/": "The trained network: weights (safetensors) and what is needed to use them (JSON).",
}


def export(run: Run, reporter: Reporter) -> None:
    """Write the zip; it appears whole, so a killed export leaves none behind."""
    assert run.uses is not None  # held by a database constraint
    segmentations = list(_segmentations(run))
    if not segmentations:
        raise Rejected("There is nothing to export: segment images with this model first.")
    run.folder.mkdir(parents=True, exist_ok=True)
    title = f"{run.dataset.project.name}: {run.dataset.name}, {run.uses}, made by micraweb"
    with write_bundle(run.bundle, title=title) as bundle:
        masks = _add_masks(bundle, segmentations, reporter)
        reporter.progress(0.9, "Writing tables", force=True)
        _add_tables(bundle, run, segmentations, masks)
        _add_model(bundle, run.uses)
        for what, meaning in ABOUT.items():
            bundle.describe(what, meaning)


def _segmentations(run: Run) -> QuerySet[Segmentation]:
    rows = Segmentation.objects.filter(model=run.uses, image__in=run.params["images"])
    return rows.select_related("image__dataset", "structure").order_by(
        "image__name", "image_id", "structure__name"
    )


def _add_masks(bundle: Bundle, segmentations: list[Segmentation], reporter: Reporter) -> list[str]:
    """Write a label image for each segmentation; returns their names within the zip."""
    names = []
    for number, segmentation in enumerate(segmentations):
        if reporter.should_stop():
            raise Stopped("The export was stopped.")
        name = segmentation.image.name
        reporter.progress(0.9 * number / len(segmentations), f"Writing the mask of {name}")
        stem = f"{Path(name).stem}_{segmentation.structure.name}"
        names.append(bundle.add(stem, ".tif", _MaskWriter(segmentation), folder="masks"))
    return names


class _MaskWriter:
    def __init__(self, segmentation: Segmentation) -> None:
        self._segmentation = segmentation

    def __call__(self, path: Path) -> None:
        own = self._segmentation
        map_ = open_store(own.map).read(0, own.image.height, 0, own.image.width)[0]
        labels = objects_of(map_, own.threshold)
        write_label_tiff(labels, path, pixel_size_um=own.image.pixel_size_um)


def _add_tables(
    bundle: Bundle, run: Run, segmentations: list[Segmentation], masks: list[str]
) -> None:
    objects = [
        (own.image.name, own.structure.name, pq.read_table(own.objects_table))
        for own in segmentations
    ]
    bundle.add("objects", ".csv", lambda path: write_objects_csv(objects, path))
    summary = [
        (own.image.name, own.structure.name, _summary(own, mask))
        for own, mask in zip(segmentations, masks, strict=True)
    ]
    bundle.add("thresholds", ".csv", lambda path: write_objects_csv(summary, path))
    bundle.add("labels", ".csv", lambda path: write_labels_csv(_labels(run), path))


def _summary(own: Segmentation, mask: str) -> pa.Table:
    return pa.table(
        {
            "mask": [mask],
            "threshold": [own.threshold],
            "object_count": [own.object_count],
            "area_px": [own.area_px],
            "area_um2": pa.array([own.area_um2], pa.float64()),
            "area_fraction": [own.area_fraction],
        }
    )


def _labels(run: Run) -> Iterator[LabelRow]:
    """Every answer in the data set about the model's structures."""
    structures = ModelStructure.objects.filter(model=run.uses).values("structure")
    answers = Label.objects.filter(image__dataset=run.dataset, structure__in=structures)
    rows = answers.select_related("image__dataset", "structure", "annotator")
    for label in rows.iterator(chunk_size=2000):
        yield _label_row(label)


def _label_row(label: Label) -> LabelRow:
    y0, y1, x0, x1 = label.image.grid.box(label.row, label.column)
    return LabelRow(
        image=label.image.name,
        structure=label.structure.name,
        annotator=label.annotator.username,
        row=label.row,
        column=label.column,
        y0=y0,
        x0=x0,
        y1=y1,
        x1=x1,
        value=label.value,
        updated_at=label.updated_at.isoformat(timespec="seconds"),
    )


def _add_model(bundle: Bundle, model: ModelVersion) -> None:
    for path in sorted(model.folder.iterdir()):
        if path.is_file():
            bundle.add_file(path, path.stem, path.suffix, folder="model")
