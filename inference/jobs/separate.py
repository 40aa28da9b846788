"""Another way to tell objects apart, for all results of one structure of a model."""

from annotations.errors import Rejected
from annotations.jobs.reporter import Reporter
from inference.jobs.remeasuring import remeasure
from inference.micranet.errors import Stopped
from inference.models import ModelStructure, Run, Segmentation
from inference.models.separated import SEPARATION, separation_fields
from inference.objects.choice import NoPixelSize


def reseparate(run: Run, reporter: Reporter) -> None:
    """Measure each result again that was made otherwise; those done before a kill are not redone.

    Which separation is wanted, the model's structure says, so that the one chosen last counts in
    whatever order runs are taken.
    """
    output = ModelStructure.objects.get(model=run.uses, structure=run.params["structure"])
    rows = Segmentation.objects.filter(model=run.uses, structure=output.structure_id)
    rows = rows.exclude(**separation_fields(output.separation)).select_related("image__dataset")
    waiting = list(rows.order_by("image__name", "pk"))
    refused: list[str] = []
    for number, segmentation in enumerate(waiting):
        if reporter.should_stop():
            raise Stopped("Separating was stopped.")
        name = segmentation.image.name
        reporter.note(number / len(waiting), f"Measuring {name} ({number + 1})")
        # Another way may have been chosen since the run began.
        output.refresh_from_db(fields=SEPARATION)
        try:
            _again(run, segmentation, output, reporter)
        except NoPixelSize as missing:
            refused.append(f"{name}: {missing}")
    if refused:
        raise Rejected(" ".join(refused))


def _again(
    run: Run, segmentation: Segmentation, output: ModelStructure, reporter: Reporter
) -> None:
    """Measure one result, unless it is gone or has been made anew meanwhile."""
    try:
        remeasure(
            run,
            segmentation,
            threshold=segmentation.threshold,
            separation=output.separation,
            should_stop=reporter.should_stop,
        )
    except (FileNotFoundError, Rejected):
        if Segmentation.objects.filter(pk=segmentation.pk, key=segmentation.key).exists():
            raise
