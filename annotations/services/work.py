"""Stopping work and starting it again: conditional updates, because a worker may be at it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import Work
from annotations.models.work import rows_of


def end_waiting(rows: QuerySet[Any], *, why: str = "") -> bool:
    """Cancel those that wait; what is running is left alone."""
    waiting = rows.filter(state=Work.State.QUEUED)
    return bool(waiting.update(state=Work.State.CANCELLED, finished_at=timezone.now(), message=why))


def cancel(work: Work) -> bool:
    """End what waits at once and say so; ask what runs to stop at its next step."""
    rows = rows_of(type(work)).filter(pk=work.pk)
    ended = end_waiting(rows)
    if not ended:
        rows.filter(state=Work.State.RUNNING).update(cancel_requested=True)
    work.refresh_from_db()
    return ended


def restart(rows: QuerySet[Any], **values: Any) -> bool:
    """Put what is over back in the queue, as if it had never begun; False when there is none."""
    return bool(
        rows.update(
            state=Work.State.QUEUED,
            error="",
            message="",
            progress=0,
            claim=None,
            started_at=None,
            finished_at=None,
            cancel_requested=False,
            sent_at=timezone.now(),
            **values,
        )
    )
