"""Cancelling runs and starting them again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.models import Dataset, Role
from inference.models import ModelVersion, Run
from inference.services.runs import cancel_run, retry_run
from tests.factories import make_dataset, make_run
from tests.inference.services.runs.members import member

pytestmark = pytest.mark.django_db


def test_a_waiting_run_is_cancelled_at_once() -> None:
    run = make_run()
    cancelled = cancel_run(by=run.created_by, run=run)
    assert cancelled.state == Run.State.CANCELLED
    assert cancelled.finished_at is not None


def test_a_running_run_is_asked_to_stop() -> None:
    run = make_run(state=Run.State.RUNNING)
    asked = cancel_run(by=run.created_by, run=run)
    assert (asked.state, asked.cancel_requested) == (Run.State.RUNNING, True)


@pytest.mark.parametrize("state", [Run.State.DONE, Run.State.FAILED, Run.State.CANCELLED])
def test_a_run_that_is_over_stays_as_it_is(state: Run.State) -> None:
    run = make_run(state=state)
    before = Run.objects.values().get(pk=run.pk)
    cancel_run(by=run.created_by, run=run)
    assert Run.objects.values().get(pk=run.pk) == before


@pytest.mark.parametrize("state", [Run.State.FAILED, Run.State.CANCELLED])
def test_a_run_that_failed_or_was_cancelled_starts_again(
    state: Run.State, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    history = [{"epoch": 1, "train_loss": 0.5}]
    run = make_run(
        state=state, progress=0.4, cancel_requested=True, history=history, sent_at=long_ago,
        started_at=long_ago,
    )  # fmt: skip
    with django_capture_on_commit_callbacks() as sent:
        again = retry_run(by=run.created_by, run=run)
    assert (again.state, again.error, again.progress) == (Run.State.QUEUED, "", 0)
    assert (again.cancel_requested, again.started_at, again.finished_at) == (False, None, None)
    # It goes on from its checkpoint, so the curve stays.
    assert again.history == history
    assert len(sent) == 1
    # The task has just been sent: the sweep has nothing to add.
    assert not Run.objects.forgotten(timezone.now()).exists()


@pytest.mark.parametrize("state", [Run.State.QUEUED, Run.State.RUNNING, Run.State.DONE])
def test_other_runs_do_not_start_again(state: Run.State) -> None:
    run = make_run(state=state)
    with pytest.raises(Rejected, match="failed or was cancelled"):
        retry_run(by=run.created_by, run=run)
    run.refresh_from_db()
    assert run.state == state


def test_whoever_may_not_start_a_run_may_not_stop_it_either(
    dataset: Dataset, model: ModelVersion
) -> None:
    viewer = member(dataset, Role.VIEWER)
    training = make_run(dataset=dataset)
    export = make_run(dataset=dataset, kind=Run.Kind.EXPORT, uses=model)
    with pytest.raises(PermissionDenied):
        cancel_run(by=viewer, run=training)
    assert cancel_run(by=viewer, run=export).state == Run.State.CANCELLED
    assert retry_run(by=viewer, run=export).state == Run.State.QUEUED
    training.refresh_from_db()
    assert training.state == Run.State.QUEUED


def test_strangers_stop_nothing() -> None:
    run, stranger = make_run(), make_dataset().created_by
    with pytest.raises(PermissionDenied):
        cancel_run(by=stranger, run=run)
