"""Taking a run, holding it, and letting it go: conditional updates, no look before a write."""

import uuid
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from inference.micranet.errors import Stopped
from inference.models import Run


def claim(run_id: int) -> Run | None:
    """Take a run that waits or whose worker died; None when it is held or over."""
    now, token = timezone.now(), uuid.uuid4()
    taken = (
        Run.objects.claimable(now)
        .filter(pk=run_id)
        .update(
            state=Run.State.RUNNING,
            claim=token,
            heartbeat_at=now,
            started_at=Coalesce("started_at", now),
        )
    )
    return Run.objects.select_related("dataset__project").get(pk=run_id) if taken else None


def held(run: Run, **values: Any) -> bool:
    """Write to a run for as long as it is ours; False when it no longer is."""
    ours = Run.objects.filter(pk=run.pk, claim=run.claim, state=Run.State.RUNNING)
    return bool(ours.update(**values))


def hold(run: Run) -> None:
    """Within a transaction: keep the run ours until its end, so that what is written counts.

    Raises:
        Stopped: another worker has the run, or it is gone with its data set.
    """
    if not held(run, heartbeat_at=timezone.now()):
        raise Stopped("Another worker has this run.")


def finish(run: Run, state: Run.State, *, error: str = "", **values: Any) -> bool:
    """End a run that is ours."""
    return held(run, state=state, error=error, finished_at=timezone.now(), **values)


def give_back(run: Run) -> bool:
    """Put a run that is ours back in the queue: another worker goes on from what was kept."""
    return held(run, state=Run.State.QUEUED, claim=None, message="Waiting for a worker")


def note_waiting(run_id: int) -> bool:
    """Say that a task for the run is alive in the queue; False when the run waits no longer."""
    now = timezone.now()
    return bool(Run.objects.claimable(now).filter(pk=run_id).update(sent_at=now))


def forgotten_runs() -> list[tuple[int, str]]:
    """(id, kind) of the runs that need a new task; they count as sent from now on."""
    now = timezone.now()
    runs = list(Run.objects.forgotten(now).order_by("pk").values_list("pk", "kind"))
    Run.objects.filter(pk__in=[pk for pk, _ in runs]).update(sent_at=now)
    return runs
