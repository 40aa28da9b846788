"""Progress to the database, and the wish to stop from there."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from inference import stopping
from inference.jobs.reporter import Reporter
from inference.models import Run
from inference.services.runs import cancel_run
from tests.factories import make_run

pytestmark = pytest.mark.django_db
# The beat comes from a thread of its own, which sees only what is committed.
beating = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run() -> Run:
    return make_run(state=Run.State.RUNNING)


def _soon(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happens()


def test_progress_is_seen_by_others(run: Run) -> None:
    reporter = Reporter(run)
    reporter.progress(0.25, "Reading patches")
    run.refresh_from_db()
    assert (run.progress, run.message) == (0.25, "Reading patches")


def test_progress_is_written_now_and_then_and_when_it_must(run: Run) -> None:
    reporter = Reporter(run)
    reporter.progress(0.1, "first")
    reporter.progress(0.2, "too soon")
    run.refresh_from_db()
    assert run.progress == 0.1
    reporter.progress(0.3, "must", force=True)
    run.refresh_from_db()
    assert (run.progress, run.message) == (0.3, "must")


@pytest.mark.parametrize(("share", "kept"), [(-1, 0), (1.0000001, 1)])
def test_a_share_out_of_bounds_is_cut(run: Run, share: float, kept: float) -> None:
    Reporter(run).progress(share, "x" * 300)
    run.refresh_from_db()
    assert (run.progress, len(run.message)) == (kept, 200)


@beating
def test_a_step_that_takes_long_keeps_its_run_alive(run: Run) -> None:
    old = timezone.now() - timedelta(hours=1)
    Run.objects.filter(pk=run.pk).update(heartbeat_at=old)
    with Reporter(run):
        assert _soon(lambda: Run.objects.filter(pk=run.pk, heartbeat_at__gt=old).exists())


@beating
def test_nothing_beats_after_the_end(run: Run) -> None:
    with Reporter(run):
        pass
    before = Run.objects.get(pk=run.pk).heartbeat_at
    time.sleep(0.2)
    assert Run.objects.get(pk=run.pk).heartbeat_at == before


@beating
def test_a_wish_to_cancel_is_heard(run: Run) -> None:
    with Reporter(run) as reporter:
        assert not reporter.should_stop()
        cancel_run(by=run.created_by, run=run)
        assert _soon(reporter.should_stop)
        assert reporter.cancelled


def test_a_wish_to_cancel_is_heard_with_the_next_progress(run: Run) -> None:
    reporter = Reporter(run)
    cancel_run(by=run.created_by, run=run)
    reporter.progress(0.5, "half")
    assert reporter.should_stop()


def test_a_run_that_was_cancelled_before_it_was_taken_stops_at_once() -> None:
    run = make_run(state=Run.State.RUNNING, cancel_requested=True)
    assert Reporter(run).should_stop()


@beating
def test_a_run_that_others_took_stops(run: Run) -> None:
    with Reporter(run) as reporter:
        Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED, claim=None)
        assert _soon(reporter.should_stop)
    assert (reporter.lost, reporter.cancelled) == (True, False)


def test_a_worker_that_is_to_end_stops(run: Run) -> None:
    reporter = Reporter(run)
    stopping.shutdown.set()
    assert reporter.should_stop()
