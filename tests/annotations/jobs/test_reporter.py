"""Progress to the database, and the wish to stop from there: of errands and runs alike."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from annotations import stopping
from annotations.jobs.claiming import Stopped
from annotations.jobs.reporter import Reporter
from annotations.models import Work
from annotations.models.work import WorkQuerySet, rows_of
from annotations.services.work import cancel
from tests.factories import make_errand, make_run

pytestmark = pytest.mark.django_db
# The beat comes from a thread of its own, which sees only what is committed.
beating = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[make_errand, make_run])
def work(request: pytest.FixtureRequest) -> Work:
    made: Work = request.param(state=Work.State.RUNNING)
    return made


def _rows(work: Work) -> WorkQuerySet[Work]:
    return rows_of(type(work)).filter(pk=work.pk)


def _soon(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happens()


@beating
def test_others_see_progress_from_within_a_transaction(work: Work) -> None:
    seen = _rows(work).filter(progress=0.25, message="Moving answers")
    with Reporter(work) as reporter, transaction.atomic():
        reporter.note(0.25, "Moving answers")
        assert _soon(seen.exists)
        transaction.set_rollback(True)
    assert seen.exists()


def test_what_is_told_between_two_beats_is_written_once(work: Work) -> None:
    reporter = Reporter(work)
    reporter.note(0.1, "first")
    reporter.note(0.2, "then")
    reporter.beat_once()
    _rows(work).update(message="as it is")
    reporter.beat_once()
    work.refresh_from_db()
    assert (work.progress, work.message) == (0.2, "as it is")


@pytest.mark.parametrize(("share", "kept"), [(-1, 0), (1.0000001, 1)])
def test_a_share_out_of_bounds_is_cut(work: Work, share: float, kept: float) -> None:
    reporter = Reporter(work)
    reporter.note(share, "x" * 300)
    reporter.beat_once()
    work.refresh_from_db()
    assert (work.progress, len(work.message)) == (kept, 200)


@beating
def test_a_step_that_takes_long_keeps_its_work_alive(work: Work) -> None:
    old = timezone.now() - timedelta(hours=1)
    _rows(work).update(heartbeat_at=old)
    with Reporter(work):
        assert _soon(_rows(work).filter(heartbeat_at__gt=old).exists)


@beating
def test_nothing_beats_after_the_end(work: Work) -> None:
    with Reporter(work):
        pass
    before = _rows(work).get().heartbeat_at
    time.sleep(0.2)
    assert _rows(work).get().heartbeat_at == before


@beating
def test_a_wish_to_cancel_is_heard(work: Work) -> None:
    with Reporter(work) as reporter:
        reporter.tell(0, "")
        assert not reporter.should_stop()
        cancel(work)
        assert _soon(reporter.should_stop)
        assert reporter.cancelled
        with pytest.raises(Stopped):
            reporter.tell(0.5, "half")


def test_what_was_cancelled_before_it_was_taken_stops_at_once(work: Work) -> None:
    cancel(work)
    assert Reporter(work).should_stop()


def test_what_another_worker_took_or_somebody_deleted_stops(work: Work) -> None:
    taken, gone = Reporter(work), Reporter(work)
    _rows(work).update(state=Work.State.QUEUED, claim=None)
    taken.beat_once()
    _rows(work).delete()
    gone.beat_once()
    for reporter in (taken, gone):
        assert (reporter.lost, reporter.cancelled) == (True, False)
        with pytest.raises(Stopped):
            reporter.tell(0.5, "half")


def test_a_worker_that_is_to_end_stops(work: Work) -> None:
    reporter = Reporter(work)
    assert not reporter.should_stop()
    stopping.shutdown.set()
    assert reporter.should_stop()
