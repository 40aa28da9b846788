"""The lines of the tables in an export."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from annotations.models import Label
from inference.export.tables import LabelRow, PatchRow
from inference.models import ModelStructure, ReferenceScore, Run, Segmentation


def summaries(segmentations: Sequence[Segmentation], masks: Sequence[str]) -> Iterator[pa.Table]:
    """One line about each segmentation; ``masks`` are the names of their label images."""
    decisions = decisions_of(segmentations)
    compared = _compared(segmentations)
    for own, mask in zip(segmentations, masks, strict=True):
        score = float(scores_of(own).max())
        yield pa.table(
            {
                "score": [score],
                "value": [_said(score, decisions[own.structure_id])],
                "mask": [mask],
                "threshold": [own.threshold],
                "separation": [own.separation_method],
                "separation_size": pa.array([own.separation_size], pa.float64()),
                "separation_unit": [own.separation_unit],
                "separation_smallest": pa.array([own.separation_smallest], pa.float64()),
                "object_count": [own.object_count],
                "area_px": [own.area_px],
                "area_um2": pa.array([own.area_um2], pa.float64()),
                "area_fraction": [own.area_fraction],
                **_against_reference(compared.get(own.pk)),
            }
        )


def _compared(segmentations: Sequence[Segmentation]) -> dict[int, ReferenceScore]:
    rows = ReferenceScore.objects.current().filter(segmentation__in=segmentations)
    return {row.segmentation_id: row for row in rows}


def _against_reference(score: ReferenceScore | None) -> dict[str, pa.Array]:
    """Columns that are empty where there is no reference."""
    shares = ("pixel_f1", "iou", "object_f1")
    columns = {
        f"reference_{name}": pa.array([getattr(score, name, None)], pa.float64()) for name in shares
    }
    errors = [score.count_error if score else None]
    return columns | {"reference_count_error": pa.array(errors, pa.int64())}


def patch_rows(segmentations: Sequence[Segmentation]) -> Iterator[PatchRow]:
    """What the model says of every patch."""
    decisions = decisions_of(segmentations)
    for own in segmentations:
        names = own.image.name, own.structure.name
        for (row, column), score in np.ndenumerate(scores_of(own)):
            y0, y1, x0, x1 = own.grid.box(row, column)
            said = _said(float(score), decisions[own.structure_id])
            yield PatchRow(*names, row, column, y0, x0, y1, x1, round(float(score), 4), said)


def decisions_of(segmentations: Sequence[Segmentation]) -> dict[int, float]:
    """By structure, the score from which a patch shows it; all are of one model."""
    model = segmentations[0].model_id
    rows = ModelStructure.objects.filter(model=model).values_list("structure", "decision")
    return dict(rows)


def scores_of(own: Segmentation) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """float32 (rows, columns), 0 to 1."""
    scores: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = np.load(
        own.patch_scores, allow_pickle=False
    )
    return scores


def _said(score: float, decision: float) -> str:
    return "yes" if score >= decision else "no"


def label_rows(run: Run) -> Iterator[LabelRow]:
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
