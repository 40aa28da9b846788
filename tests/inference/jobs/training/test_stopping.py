"""Trainings that are cancelled, given back, deleted or taken over."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from annotations import stopping
from annotations.jobs import claiming
from annotations.models import Dataset
from annotations.services.datasets import delete_dataset
from inference.jobs.runner import run as do
from inference.models import ModelVersion, Run
from inference.services.runs import cancel_run, retry_run
from tests.inference.jobs.training.trained import LONG, done, start

pytestmark = pytest.mark.django_db


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_worker_that_is_to_end_gives_its_training_back(dataset: Dataset) -> None:
    run = start(dataset, LONG)
    stopping.shutdown.set()
    assert done(run).state == Run.State.QUEUED
    assert not ModelVersion.objects.exists()


def _beside(job: Callable[[], None]) -> threading.Thread:
    """Do a job in a thread with a database connection of its own, as a worker does."""

    def work() -> None:
        try:
            job()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _wait_for(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _epochs(run: Run) -> int:
    return len(Run.objects.values_list("history", flat=True).get(pk=run.pk))


@pytest.mark.django_db(transaction=True)
def test_a_training_is_cancelled_and_goes_on_from_its_checkpoint(dataset: Dataset) -> None:
    run = start(dataset, LONG)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) >= 2)
    cancel_run(by=dataset.created_by, run=run)
    thread.join(60)
    run.refresh_from_db()
    assert (run.state, run.message) == (Run.State.CANCELLED, "")
    before = run.history
    # As when the worker is killed between keeping an epoch and telling of it.
    Run.objects.filter(pk=run.pk).update(history=before[:-1])

    retry_run(by=dataset.created_by, run=run)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) > len(before))
    cancel_run(by=dataset.created_by, run=run)
    thread.join(60)
    run.refresh_from_db()
    # The first epochs are those of the first attempt, to the last digit.
    assert run.history[: len(before)] == before
    assert [point["epoch"] for point in run.history] == list(range(1, len(run.history) + 1))


@pytest.mark.django_db(transaction=True)
def test_a_data_set_that_is_deleted_stops_its_training_and_leaves_no_file(
    dataset: Dataset,
) -> None:
    run = start(dataset, LONG)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) >= 1)
    delete_dataset(by=dataset.created_by, dataset=Dataset.objects.get(pk=dataset.pk))
    thread.join(60)
    assert not thread.is_alive()
    assert not _files(dataset.folder)
    assert not ModelVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_late_double_makes_no_second_model(dataset: Dataset) -> None:
    run = start(dataset, LONG)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) >= 1)
    # Taken for dead, and claimed by another worker.
    Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED, claim=None)
    taken = claiming.claim(Run, run.pk)
    assert taken is not None
    thread.join(60)
    assert not thread.is_alive()
    run.refresh_from_db()
    assert (run.state, run.claim) == (Run.State.RUNNING, taken.claim)
    assert not ModelVersion.objects.exists()
