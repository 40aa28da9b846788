"""Taking work, holding it, and letting it go: errands and runs alike."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from annotations import tasks
from annotations.jobs import claiming
from annotations.jobs.errands.settling import settle
from annotations.models import Errand, Work
from annotations.models.work import HEARTBEAT_LIMIT, rows_of
from tests.factories import make_errand, make_run

pytestmark = pytest.mark.django_db
DEAD, ALIVE = HEARTBEAT_LIMIT + timedelta(seconds=5), HEARTBEAT_LIMIT - timedelta(seconds=10)
Make = Callable[..., Work]


@pytest.fixture(params=[make_errand, make_run])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def _running(make: Make, last_beat: timedelta, **fields: Any) -> Work:
    return make(state=Work.State.RUNNING, heartbeat_at=timezone.now() - last_beat, **fields)


def _claim(work: Work) -> Work | None:
    return claiming.claim(type(work), work.pk)


def test_what_waits_is_claimed(make: Make) -> None:
    work = make()
    claimed = _claim(work)
    assert claimed is not None
    assert (claimed.pk, claimed.state) == (work.pk, Work.State.RUNNING)
    assert claimed.claim is not None
    assert claimed.started_at == claimed.heartbeat_at


@pytest.mark.parametrize("state", [Work.State.DONE, Work.State.FAILED, Work.State.CANCELLED])
def test_what_is_over_is_not_claimed(make: Make, state: Work.State) -> None:
    work = make(state=state)
    assert _claim(work) is None
    work.refresh_from_db()
    assert work.state == state


def test_what_is_gone_is_not_claimed(make: Make) -> None:
    work = make()
    rows_of(type(work)).all().delete()
    assert _claim(work) is None


def test_work_of_a_live_worker_is_not_claimed_and_a_dead_ones_is(make: Make) -> None:
    assert _claim(_running(make, ALIVE)) is None
    orphan = _running(make, DEAD)
    claimed = _claim(orphan)
    assert claimed is not None
    assert claimed.claim != orphan.claim
    assert claimed.started_at == orphan.started_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("orphaned", [False, True])
def test_of_workers_that_claim_at_once_one_wins(make: Make, orphaned: bool) -> None:
    work = _running(make, DEAD) if orphaned else make()
    ready, won = threading.Barrier(6), []

    def claim() -> None:
        ready.wait(30)
        if _claim(work) is not None:
            won.append(threading.current_thread().name)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(won) == 1


def test_a_late_double_writes_nothing(make: Make) -> None:
    late = _running(make, DEAD)
    taken = _claim(late)
    assert taken is not None
    assert not claiming.held(late, progress=0.9)
    assert not claiming.finish(late, Work.State.DONE)
    assert not claiming.give_back(late)
    with pytest.raises(claiming.Stopped), transaction.atomic():
        claiming.hold(late)
    late.refresh_from_db()
    assert (late.state, late.claim, late.progress) == (Work.State.RUNNING, taken.claim, 0)
    assert claiming.held(taken, progress=0.5)


def test_a_late_double_settles_nothing() -> None:
    late = make_errand(state=Errand.State.RUNNING, heartbeat_at=timezone.now() - DEAD)
    taken = claiming.claim(Errand, late.pk)
    assert taken is not None
    with pytest.raises(claiming.Stopped):
        settle(late, {"answers": 1})
    assert Errand.objects.get(pk=late.pk).report == {}
    settle(taken, {"answers": 2})
    assert Errand.objects.get(pk=late.pk).report == {"answers": 2}


def test_work_is_finished_once(make: Make) -> None:
    work = _running(make, ALIVE, message="Half way")
    assert claiming.finish(work, Work.State.FAILED, error="The disk is full.")
    assert not claiming.finish(work, Work.State.DONE)
    work.refresh_from_db()
    assert (work.state, work.error) == (Work.State.FAILED, "The disk is full.")
    assert (work.message, work.finished_at is None) == ("", False)


@pytest.mark.parametrize("why", ["Waiting for a worker", "Waiting for the change of the grid"])
def test_what_is_given_back_waits_with_the_reason_for_the_next(make: Make, why: str) -> None:
    work = _running(make, ALIVE)
    assert claiming.give_back(work, why)
    work.refresh_from_db()
    assert (work.state, work.claim, work.message) == (Work.State.QUEUED, None, why)
    assert _claim(work) is not None


def test_work_without_a_task_is_found_once(make: Make) -> None:
    model = type(make())
    long_ago = timezone.now() - model.SENT_LIMIT - timedelta(seconds=1)
    waiting = make(sent_at=long_ago)
    orphan = _running(make, DEAD, sent_at=long_ago)
    _running(make, ALIVE, sent_at=long_ago)
    make(state=Work.State.DONE, sent_at=long_ago)
    assert claiming.forgotten(model) == [waiting, orphan]
    assert claiming.forgotten(model) == []


def test_a_task_that_waits_its_turn_is_not_forgotten(make: Make) -> None:
    model = type(make())
    work = make(sent_at=timezone.now() - model.SENT_LIMIT - timedelta(seconds=1))
    assert claiming.note_waiting(model, work.pk)
    assert claiming.forgotten(model) == []
    assert not claiming.note_waiting(model, _running(make, ALIVE).pk)


def test_errands_without_a_task_are_sent_again_once_to_their_own_queue() -> None:
    long_ago = timezone.now() - Errand.SENT_LIMIT - timedelta(seconds=1)
    make_errand(sent_at=long_ago)
    make_errand(sent_at=long_ago)
    queue = redis.Redis.from_url(settings.REDIS_URL)
    queue.flushdb()
    for _ in range(2):
        tasks.recover_errands()
        assert queue.llen("quick") == 2
    queue.flushdb()
