"""One run from claim to end."""

import threading

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from inference import tasks
from inference.jobs import runner
from inference.models import Run
from tests.factories import make_model, make_run

pytestmark = pytest.mark.django_db


def _without_weights() -> Run:
    """A segmentation that fails: there are no files behind its model."""
    model = make_model()
    return make_run(dataset=model.dataset, kind=Run.Kind.SEGMENT, uses=model, params={"images": []})


def test_a_run_that_fails_keeps_the_reason() -> None:
    run = _without_weights()
    runner.run(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert "model" in run.error
    assert run.finished_at is not None


def test_an_error_that_nobody_expected_is_named() -> None:
    # Parameters that no service writes.
    run = make_run(params={})
    runner.run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.FAILED, "Unexpected KeyError: 'structures'")


def test_a_run_of_another_worker_is_left_alone() -> None:
    run = make_run(state=Run.State.RUNNING)
    runner.run(run.pk)
    assert Run.objects.get(pk=run.pk).claim == run.claim


def test_one_process_computes_one_run_at_a_time() -> None:
    run = make_run(params={}, sent_at=timezone.now() - Run.SENT_LIMIT * 2)
    release, busy = threading.Event(), threading.Event()

    def compute() -> None:
        with runner._computing:
            busy.set()
            release.wait(30)

    thread = threading.Thread(target=compute)
    thread.start()
    assert busy.wait(30)
    assert not runner.run_alone(run.pk)
    # It was seen waiting, so the sweep sends no second task.
    assert not Run.objects.forgotten(timezone.now()).exists()
    release.set()
    thread.join()
    assert runner.run_alone(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED


def test_forgotten_runs_are_sent_to_the_workers_that_can_do_them() -> None:
    long_ago = timezone.now() - Run.SENT_LIMIT * 2
    model = make_model()
    make_run(sent_at=long_ago)
    make_run(dataset=model.dataset, kind=Run.Kind.EXPORT, uses=model, sent_at=long_ago)
    queue = redis.Redis.from_url(settings.REDIS_URL)
    queue.flushdb()
    tasks.recover_runs()
    assert (queue.llen("compute"), queue.llen("io")) == (1, 1)
    tasks.recover_runs()
    assert (queue.llen("compute"), queue.llen("io")) == (1, 1)
    queue.flushdb()
