"""Taking an errand, holding it, and letting it go."""

import threading
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from annotations import tasks
from annotations.jobs.errands import claiming
from annotations.models import Errand
from annotations.models.errand import HEARTBEAT_LIMIT, SENT_LIMIT
from tests.factories import make_errand

pytestmark = pytest.mark.django_db
DEAD, ALIVE = HEARTBEAT_LIMIT + timedelta(seconds=5), HEARTBEAT_LIMIT - timedelta(seconds=10)


def _running(last_beat: timedelta) -> Errand:
    return make_errand(state=Errand.State.RUNNING, heartbeat_at=timezone.now() - last_beat)


@pytest.mark.parametrize("state", [Errand.State.DONE, Errand.State.FAILED, Errand.State.CANCELLED])
def test_an_errand_that_is_over_is_not_claimed(state: Errand.State) -> None:
    errand = make_errand(state=state)
    assert claiming.claim(errand.pk) is None
    errand.refresh_from_db()
    assert errand.state == state


def test_an_errand_whose_worker_lives_is_not_claimed_and_a_dead_ones_is() -> None:
    assert claiming.claim(_running(ALIVE).pk) is None
    orphan = _running(DEAD)
    claimed = claiming.claim(orphan.pk)
    assert claimed is not None
    assert claimed.claim != orphan.claim
    assert claimed.started_at == orphan.started_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("orphaned", [False, True])
def test_of_workers_that_claim_at_once_one_wins(orphaned: bool) -> None:
    errand = _running(DEAD) if orphaned else make_errand()
    ready, won = threading.Barrier(6), []

    def claim() -> None:
        ready.wait(30)
        if claiming.claim(errand.pk) is not None:
            won.append(threading.current_thread().name)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(won) == 1


def test_a_late_double_writes_nothing() -> None:
    late = _running(DEAD)
    taken = claiming.claim(late.pk)
    assert taken is not None
    assert not claiming.held(late, progress=0.9)
    assert not claiming.finish(late, Errand.State.FAILED, error="Late.")
    assert not claiming.give_back(late)
    with pytest.raises(claiming.Stopped):
        claiming.settle(late, {"answers": 1})
    now = Errand.objects.get(pk=late.pk)
    assert (now.state, now.claim, now.report) == (Errand.State.RUNNING, taken.claim, {})
    claiming.settle(taken, {"answers": 2})
    assert Errand.objects.get(pk=late.pk).report == {"answers": 2}


def test_an_errand_that_is_given_back_waits_with_the_reason() -> None:
    errand = _running(ALIVE)
    assert claiming.give_back(errand, "Waiting for the change of the grid")
    errand.refresh_from_db()
    assert (errand.state, errand.claim) == (Errand.State.QUEUED, None)
    assert errand.message == "Waiting for the change of the grid"
    assert claiming.claim(errand.pk) is not None


def test_errands_without_a_task_are_sent_again_once_to_their_own_queue() -> None:
    long_ago = timezone.now() - SENT_LIMIT - timedelta(seconds=1)
    make_errand(sent_at=long_ago)
    make_errand(state=Errand.State.RUNNING, heartbeat_at=timezone.now() - DEAD, sent_at=long_ago)
    make_errand()
    make_errand(state=Errand.State.RUNNING, sent_at=long_ago)
    make_errand(state=Errand.State.DONE, sent_at=long_ago)
    queue = redis.Redis.from_url(settings.REDIS_URL)
    queue.flushdb()
    for _ in range(2):
        tasks.recover_errands()
        assert queue.llen("quick") == 2
    queue.flushdb()
