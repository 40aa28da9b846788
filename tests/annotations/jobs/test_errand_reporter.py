"""Progress of an errand to the database, and the wish to stop from there."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from annotations import stopping
from annotations.jobs.errands.claiming import Stopped
from annotations.jobs.errands.reporter import Reporter
from annotations.models import Errand
from annotations.services.errands import cancel_errand
from tests.factories import make_errand

pytestmark = pytest.mark.django_db
# The beat comes from a thread of its own, which sees only what is committed.
beating = pytest.mark.django_db(transaction=True)


@pytest.fixture
def errand() -> Errand:
    return make_errand(state=Errand.State.RUNNING)


def _soon(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happens()


@beating
def test_others_see_progress_from_within_a_transaction(errand: Errand) -> None:
    with Reporter(errand) as reporter, transaction.atomic():
        reporter.tell(0.25, "Moving answers")
        seen = Errand.objects.filter(pk=errand.pk, progress=0.25, message="Moving answers")
        assert _soon(seen.exists)
        transaction.set_rollback(True)
    assert seen.exists()


@pytest.mark.parametrize(("share", "kept"), [(-1, 0), (1.0000001, 1)])
def test_a_share_out_of_bounds_is_cut(errand: Errand, share: float, kept: float) -> None:
    reporter = Reporter(errand)
    reporter.tell(share, "x" * 300)
    reporter.beat_once()
    errand.refresh_from_db()
    assert (errand.progress, len(errand.message)) == (kept, 200)


@beating
def test_a_step_that_takes_long_keeps_its_errand_alive(errand: Errand) -> None:
    old = timezone.now() - timedelta(hours=1)
    Errand.objects.filter(pk=errand.pk).update(heartbeat_at=old)
    with Reporter(errand):
        assert _soon(Errand.objects.filter(pk=errand.pk, heartbeat_at__gt=old).exists)


@beating
def test_a_wish_to_cancel_is_heard(errand: Errand) -> None:
    with Reporter(errand) as reporter:
        reporter.tell(0, "")
        cancel_errand(by=errand.created_by, errand=errand)
        assert _soon(lambda: reporter.cancelled)
        with pytest.raises(Stopped):
            reporter.tell(0.5, "half")


def test_what_another_worker_took_or_somebody_dismissed_stops(errand: Errand) -> None:
    other = make_errand(state=Errand.State.RUNNING)
    Errand.objects.filter(pk=errand.pk).update(state=Errand.State.QUEUED, claim=None)
    Errand.objects.filter(pk=other.pk).delete()
    for lost in (errand, other):
        reporter = Reporter(lost)
        reporter.beat_once()
        with pytest.raises(Stopped):
            reporter.tell(0.5, "half")
        assert not reporter.cancelled


def test_a_worker_that_is_to_end_stops(errand: Errand) -> None:
    stopping.shutdown.set()
    with pytest.raises(Stopped):
        Reporter(errand).tell(0, "")
