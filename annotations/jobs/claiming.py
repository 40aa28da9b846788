"""Taking work, holding it, and letting it go: conditional updates, no look before a write."""

import uuid
from typing import Any, TypeVar

from django.db.models.functions import Coalesce
from django.utils import timezone

from annotations.models.work import Work, rows_of

WAITING = "Waiting for a worker"
# So many at a time: those that wait in the queue for their turn need no second place in it.
SWEPT_AT_ONCE = 50

_Row = TypeVar("_Row", bound=Work)


class Stopped(Exception):
    """The work is to end: it was cancelled, the worker is told to end, or another worker has it."""


def claim(model: type[_Row], pk: int) -> _Row | None:
    """Take what waits or what a dead worker held; None when it is held, over or gone."""
    rows, now = rows_of(model), timezone.now()
    taken = (
        rows.claimable(now)
        .filter(pk=pk)
        .update(
            state=Work.State.RUNNING,
            claim=uuid.uuid4(),
            heartbeat_at=now,
            started_at=Coalesce("started_at", now),
        )
    )
    return rows.select_related("dataset__project", "created_by").get(pk=pk) if taken else None


def held(work: Work, **values: Any) -> bool:
    """Write to work for as long as it is ours; False when it no longer is."""
    rows = rows_of(type(work))
    ours = rows.filter(pk=work.pk, claim=work.claim, state=Work.State.RUNNING)
    return bool(ours.update(**values))


def hold(work: Work) -> None:
    """Within a transaction: keep the work ours until its end, so that what is written counts.

    Raises:
        Stopped: another worker has it, or it is gone with its data set.
    """
    if not held(work, heartbeat_at=timezone.now()):
        raise Stopped("Another worker has it.")


def finish(work: Work, state: Work.State, *, error: str = "", **values: Any) -> bool:
    """End work that is ours."""
    ended = {"state": state, "error": error, "message": "", "finished_at": timezone.now()}
    return held(work, **ended, **values)


def give_back(work: Work, message: str = WAITING, **values: Any) -> bool:
    """Put work that is ours back in the queue: another worker goes on from what was kept."""
    return held(work, state=Work.State.QUEUED, claim=None, message=message, **values)


def end_stopped(work: Work, *, cancelled: bool, **values: Any) -> None:
    """End what somebody cancelled; give the rest back, with `values`, to the next worker."""
    if cancelled:
        finish(work, Work.State.CANCELLED)
    else:
        give_back(work, **values)


def note_waiting(model: type[Work], pk: int) -> bool:
    """Say that a task is alive in the queue; False when what it is for waits no longer."""
    now = timezone.now()
    return bool(rows_of(model).claimable(now).filter(pk=pk).update(sent_at=now))


def forgotten(model: type[_Row]) -> list[_Row]:
    """What needs a new task, oldest first; it counts as sent from now on."""
    rows, now = rows_of(model), timezone.now()
    found = list(rows.forgotten(now).order_by("sent_at", "pk")[:SWEPT_AT_ONCE])
    rows.filter(pk__in=[row.pk for row in found]).update(sent_at=now)
    return found
