"""Taking an errand, holding it, and letting it go: conditional updates, no look before a write."""

import uuid
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotations.models import Errand

WAITING = "Waiting for a worker"
# So many at a time: those that wait in the queue for their turn need no second place in it.
SWEPT_AT_ONCE = 50


class Stopped(Exception):
    """The work is to end: it was cancelled, the worker is told to end, or another worker has it."""


def claim(errand_id: int) -> Errand | None:
    """Take an errand that waits or whose worker died; None when it is held or over."""
    now = timezone.now()
    taken = (
        Errand.objects.claimable(now)
        .filter(pk=errand_id)
        .update(
            state=Errand.State.RUNNING,
            claim=uuid.uuid4(),
            heartbeat_at=now,
            started_at=Coalesce("started_at", now),
        )
    )
    errands = Errand.objects.select_related("dataset__project", "created_by")
    return errands.get(pk=errand_id) if taken else None


def held(errand: Errand, **values: Any) -> bool:
    """Write to an errand for as long as it is ours; False when it no longer is."""
    ours = Errand.objects.filter(pk=errand.pk, claim=errand.claim, state=Errand.State.RUNNING)
    return bool(ours.update(**values))


def settle(errand: Errand, report: dict[str, Any]) -> None:
    """Say that it is done, within the transaction of what was done: both are so, or neither.

    Raises:
        Stopped: another worker has the errand, or somebody dismissed it.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        # Checks that are left to the end are made now: from here on, the errand's own row is held.
        connection.check_constraints()
    if not finish(errand, Errand.State.DONE, report=report, progress=1):
        raise Stopped


def finish(errand: Errand, state: Errand.State, *, error: str = "", **values: Any) -> bool:
    """End an errand that is ours."""
    ended = {"state": state, "error": error, "message": "", "finished_at": timezone.now()}
    return held(errand, **ended, **values)


def give_back(errand: Errand, message: str = WAITING) -> bool:
    """Put an errand that is ours back in the queue."""
    back = {"state": Errand.State.QUEUED, "claim": None, "progress": 0}
    return held(errand, **back, message=message, sent_at=timezone.now())


def forgotten_errands() -> list[int]:
    """Errands that need a new task; they count as sent from now on."""
    now = timezone.now()
    oldest = Errand.objects.forgotten(now).order_by(F("sent_at").asc())
    errands = list(oldest.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    Errand.objects.filter(pk__in=errands).update(sent_at=now)
    return errands
