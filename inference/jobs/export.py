"""Making one zip of what a model found, with the answers and the model behind it."""

from functools import partial

import pyarrow.parquet as pq
from django.db.models import QuerySet

from annotations.errors import Rejected
from annotations.jobs.reporter import Reporter
from inference.export.bundle import Bundle, write_bundle
from inference.export.tables import write_labels_csv, write_objects_csv, write_patches_csv
from inference.jobs.export_masks import Mask, add_masks
from inference.jobs.export_rows import label_rows, patch_rows, summaries
from inference.models import ModelVersion, Run, Segmentation

ABOUT = {
    "masks/": "Label images, one per image and structure: 0 is background, every other number is "
    "one object. TIFF with the pixel size of the image where that is known.",
    "objects.csv": "One line per object: size, place, shape, mean intensity per channel. `label` "
    "is its number in the label image; lengths are in px, and in µm where the column says so.",
    "detections.csv": "One line per object: a point that lies inside (`point-0` is y, `point-1` "
    "is x), its box (y0, x0, y1, x1 in px, ends excluded), mean and highest value of the map.",
    "thresholds.csv": "One line per image and structure: its highest patch score, whether it is "
    "there at all, file and threshold of its mask, how touching objects were told apart, "
    "the smallest that counts (in px or µm², 16 px where nothing is said), their number and area.",
    "patches.csv": "What the model says of every patch: its score, and yes or no.",
    "model/": "The trained network: weights (safetensors) and what is needed to use them (JSON).",
}
ANSWERS_ABOUT = "Every answer: who said what about which patch. Pixel ranges exclude their end."


def export(run: Run, reporter: Reporter) -> None:
    """Write the zip; it appears whole, so a killed export leaves none behind."""
    assert run.uses is not None  # held by a database constraint
    segmentations = list(_segmentations(run))
    if not segmentations:
        raise Rejected("There is nothing to export: segment images with this model first.")
    run.folder.mkdir(parents=True, exist_ok=True)
    title = f"{run.dataset.project.name}: {run.dataset.name}, {run.uses}, made by micraweb"
    with write_bundle(run.bundle, title=title) as bundle:
        masks = add_masks(bundle, segmentations, reporter)
        reporter.note(0.9, "Writing tables")
        _add_tables(bundle, run, segmentations, masks)
        _add_model(bundle, run.uses)
        for what, meaning in ABOUT.items():
            bundle.describe(what, meaning)
        if run.holds_answers:
            bundle.describe("labels.csv", ANSWERS_ABOUT)


def _segmentations(run: Run) -> QuerySet[Segmentation]:
    rows = Segmentation.objects.filter(model=run.uses, image__in=run.params["images"])
    return rows.select_related("image__dataset", "structure").order_by(
        "image__name", "image_id", "structure__name"
    )


def _add_tables(
    bundle: Bundle, run: Run, segmentations: list[Segmentation], masks: list[Mask]
) -> None:
    named = [(own.image.name, own.structure.name) for own in segmentations]
    tables = {
        "objects": [pq.read_table(own.objects_table) for own in segmentations],
        "detections": [mask.detections for mask in masks],
        "thresholds": list(summaries(segmentations, [mask.name for mask in masks])),
    }
    for stem, parts in tables.items():
        rows = [(*name, part) for name, part in zip(named, parts, strict=True)]
        bundle.add(stem, ".csv", partial(write_objects_csv, rows))
    bundle.add("patches", ".csv", lambda path: write_patches_csv(patch_rows(segmentations), path))
    if run.holds_answers:
        bundle.add("labels", ".csv", lambda path: write_labels_csv(label_rows(run), path))


def _add_model(bundle: Bundle, model: ModelVersion) -> None:
    for path in sorted(model.folder.iterdir()):
        if path.is_file():
            bundle.add_file(path, path.stem, path.suffix, folder="model")
