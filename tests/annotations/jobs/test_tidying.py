"""Errands of long ago go; files go a day after nobody can need them any more."""

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.jobs.tidying import ERRAND_DAYS, ORPHAN_SECONDS, tidy
from annotations.models import Errand
from tests.factories import make_errand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_root")]


def _over(state: Errand.State, days: int) -> Errand:
    return make_errand(state=state, finished_at=timezone.now() - timedelta(days=days))


def _with_file(state: Errand.State, seconds: float) -> Errand:
    """An errand whose file was touched that long ago."""
    errand = make_errand(
        kind=Errand.Kind.TABLE, state=state, params={"dry_run": True}, content=b"image,row\n"
    )
    then = time.time() - seconds
    os.utime(errand.path, (then, then))
    return errand


def test_errands_that_ended_long_ago_go() -> None:
    recent = _over(Errand.State.DONE, ERRAND_DAYS - 1)
    for state in (Errand.State.DONE, Errand.State.FAILED, Errand.State.CANCELLED):
        _over(state, ERRAND_DAYS + 1)
    waiting = make_errand()
    tidy()
    assert set(Errand.objects.all()) == {recent, waiting}


def test_a_file_that_was_only_looked_at_goes_after_a_day() -> None:
    fresh = _with_file(Errand.State.DONE, ORPHAN_SECONDS - 600)
    old = _with_file(Errand.State.DONE, ORPHAN_SECONDS + 600)
    tidy()
    assert (fresh.can_be_taken, old.can_be_taken) == (True, False)
    assert not old.path.exists()


@pytest.mark.parametrize("state", [Errand.State.QUEUED, Errand.State.RUNNING])
def test_the_file_of_an_errand_that_is_not_over_stays(state: Errand.State) -> None:
    errand = _with_file(state, ORPHAN_SECONDS * 9)
    tidy()
    assert errand.path.exists()


def test_a_file_whose_errand_is_gone_goes() -> None:
    errand = _with_file(Errand.State.DONE, ORPHAN_SECONDS + 600)
    errand.delete()
    tidy()
    assert not errand.path.exists()
