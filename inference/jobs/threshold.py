"""Another threshold for one segmentation."""

from annotations.errors import Rejected
from annotations.jobs.reporter import Reporter
from inference.jobs.remeasuring import remeasure
from inference.models import ModelStructure, Run, Segmentation
from inference.objects.choice import NoPixelSize


def rethreshold(run: Run, reporter: Reporter) -> None:
    """Measure the objects again, apart as the model's structure says, and write it down."""
    segmentation = _segmentation(run)
    reporter.note(0.1, f"Measuring {segmentation.image.name}")
    output = ModelStructure.objects.get(
        model=segmentation.model_id, structure=segmentation.structure_id
    )
    threshold = float(run.params["threshold"])
    try:
        remeasure(
            run,
            segmentation,
            threshold=threshold,
            separation=output.separation,
            should_stop=reporter.should_stop,
        )
    except NoPixelSize as missing:
        raise Rejected(f"{segmentation.image.name}: {missing}") from missing


def _segmentation(run: Run) -> Segmentation:
    rows = Segmentation.objects.select_related("image__dataset")
    segmentation = rows.filter(pk=run.params["segmentation"]).first()
    if segmentation is None:
        raise Rejected("This result is gone. Segment the image again.")
    return segmentation
