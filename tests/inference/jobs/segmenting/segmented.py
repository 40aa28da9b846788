"""Images that are segmented."""

from pathlib import Path

from annotations.models import Dataset
from inference.jobs.runner import run as do
from inference.models import ModelVersion, Run
from tests.factories import make_run


def queued(dataset: Dataset, model: ModelVersion) -> Run:
    images = list(dataset.images.values_list("pk", flat=True))
    return make_run(dataset=dataset, kind=Run.Kind.SEGMENT, uses=model, params={"images": images})


def segmented(dataset: Dataset, model: ModelVersion) -> Run:
    run = queued(dataset, model)
    do(run.pk)
    run.refresh_from_db()
    return run


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
