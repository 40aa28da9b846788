"""Trainings, begun and done."""

from annotations.models import Dataset
from inference.jobs.runner import run as do
from inference.models import Run
from inference.services.runs import TrainOptions, start_training

SHORT = TrainOptions(epochs=2, method="paper")
LONG = TrainOptions(epochs=500, method="paper")


def start(dataset: Dataset, options: TrainOptions = SHORT) -> Run:
    return start_training(by=dataset.created_by, dataset=dataset, options=options)


def done(run: Run) -> Run:
    do(run.pk)
    run.refresh_from_db()
    return run
