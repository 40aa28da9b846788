"""Taking a run, holding it, and letting it go."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inference.jobs import claiming
from inference.micranet.errors import Stopped
from inference.models import Run
from inference.models.run import HEARTBEAT_LIMIT, SENT_LIMIT
from tests.factories import make_run

pytestmark = pytest.mark.django_db
DEAD, ALIVE = HEARTBEAT_LIMIT + timedelta(seconds=5), HEARTBEAT_LIMIT - timedelta(seconds=10)


def _running(last_beat: timedelta) -> Run:
    return make_run(state=Run.State.RUNNING, heartbeat_at=timezone.now() - last_beat)


def test_a_waiting_run_is_claimed() -> None:
    run = make_run()
    claimed = claiming.claim(run.pk)
    assert claimed is not None
    assert (claimed.pk, claimed.state) == (run.pk, Run.State.RUNNING)
    assert claimed.claim is not None
    assert claimed.started_at == claimed.heartbeat_at


@pytest.mark.parametrize("state", [Run.State.DONE, Run.State.FAILED, Run.State.CANCELLED])
def test_a_run_that_is_over_is_not_claimed(state: Run.State) -> None:
    run = make_run(state=state)
    assert claiming.claim(run.pk) is None
    run.refresh_from_db()
    assert run.state == state


def test_a_run_that_is_gone_is_not_claimed() -> None:
    run = make_run()
    Run.objects.all().delete()
    assert claiming.claim(run.pk) is None


def test_a_run_whose_worker_lives_is_not_claimed() -> None:
    assert claiming.claim(_running(ALIVE).pk) is None


def test_a_run_whose_worker_died_is_claimed_and_keeps_its_start() -> None:
    orphan = _running(DEAD)
    claimed = claiming.claim(orphan.pk)
    assert claimed is not None
    assert claimed.claim != orphan.claim
    assert claimed.started_at == orphan.started_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("orphaned", [False, True])
def test_of_workers_that_claim_at_once_one_wins(orphaned: bool) -> None:
    run = _running(DEAD) if orphaned else make_run()
    ready, won = threading.Barrier(6), []

    def claim() -> None:
        ready.wait(30)
        if claiming.claim(run.pk) is not None:
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
    assert not claiming.finish(late, Run.State.DONE)
    assert not claiming.give_back(late)
    with pytest.raises(Stopped), transaction.atomic():
        claiming.hold(late)
    now = Run.objects.get(pk=late.pk)
    assert (now.state, now.claim, now.progress) == (Run.State.RUNNING, taken.claim, 0)
    assert claiming.held(taken, progress=0.5)


def test_a_run_is_finished_once() -> None:
    run = _running(ALIVE)
    assert claiming.finish(run, Run.State.FAILED, error="The disk is full.")
    assert not claiming.finish(run, Run.State.DONE)
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.FAILED, "The disk is full.")
    assert run.finished_at is not None


def test_a_run_that_is_given_back_is_claimed_by_the_next() -> None:
    run = _running(ALIVE)
    assert claiming.give_back(run)
    run.refresh_from_db()
    assert (run.state, run.claim, run.message) == (
        Run.State.QUEUED,
        None,
        "Waiting for a worker",
    )
    assert claiming.claim(run.pk) is not None


def test_runs_without_a_task_are_found_once() -> None:
    long_ago = timezone.now() - SENT_LIMIT - timedelta(seconds=1)
    waiting = make_run(sent_at=long_ago)
    orphan = make_run(
        state=Run.State.RUNNING,
        heartbeat_at=timezone.now() - DEAD,
        sent_at=long_ago,
    )
    make_run()
    make_run(state=Run.State.RUNNING, sent_at=long_ago)
    make_run(state=Run.State.DONE, sent_at=long_ago)
    assert claiming.forgotten_runs() == [(waiting.pk, "train"), (orphan.pk, "train")]
    assert claiming.forgotten_runs() == []


def test_a_task_that_waits_its_turn_is_not_forgotten() -> None:
    run = make_run(sent_at=timezone.now() - SENT_LIMIT - timedelta(seconds=1))
    assert claiming.note_waiting(run.pk)
    assert claiming.forgotten_runs() == []
    held = make_run(state=Run.State.RUNNING, claim=uuid4())
    assert not claiming.note_waiting(held.pk)
