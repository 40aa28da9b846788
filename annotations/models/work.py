"""Something that a worker does for a person, with what is needed to watch it and to take it up."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from annotations.models.dataset import Dataset
    from annotations.models.user import User

# A worker beats every few seconds; after this long without, it is taken for dead.
HEARTBEAT_LIMIT = timedelta(seconds=45)

_ACTIVE = ("queued", "running")
_Row = TypeVar("_Row", bound="Work")


class WorkQuerySet(models.QuerySet[_Row]):
    def visible_to(self, user: User) -> Self:
        return self.filter(dataset__project__memberships__user=user)

    def active(self) -> Self:
        return self.filter(state__in=_ACTIVE)

    def claimable(self, now: datetime) -> Self:
        """What waits, and what is held by a worker that died."""
        orphaned = Q(state=Work.State.RUNNING, heartbeat_at__lt=now - HEARTBEAT_LIMIT)
        return self.filter(Q(state=Work.State.QUEUED) | orphaned)

    def forgotten(self, now: datetime) -> Self:
        """What can be claimed, and no task in the queue stands for it."""
        return self.claimable(now).filter(sent_at__lt=now - self.model.SENT_LIMIT)


class Work(models.Model):
    """What errands and runs have in common. Their tables are their own."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    # After this long without being seen in the queue, the task of what waits is taken for lost.
    SENT_LIMIT: ClassVar[timedelta]

    if TYPE_CHECKING:
        dataset: models.ForeignKey[Dataset, Dataset]
        dataset_id: int

    # Names its files.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    params = models.JSONField(default=dict)

    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    cancel_requested = models.BooleanField(default=False)
    # Who holds it: a fresh value for each claim, so that a late double cannot write.
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True)
    # When a task for it was last sent or seen in the queue.
    sent_at = models.DateTimeField(default=timezone.now)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ("-pk",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running", "done", "failed", "cancelled")),
                name="%(class)s_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="%(class)s_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(heartbeat_at__isnull=False, claim__isnull=False, started_at__isnull=False),
                name="%(class)s_running_is_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ACTIVE) ^ Q(finished_at__isnull=False),
                name="%(class)s_ended_has_an_end",
            ),
        )
        indexes = (models.Index(fields=("state", "heartbeat_at"), name="%(class)s_by_state"),)

    @property
    def is_active(self) -> bool:
        return self.state in _ACTIVE


def rows_of(model: type[_Row]) -> WorkQuerySet[_Row]:
    """All errands, or all runs."""
    rows: WorkQuerySet[_Row] = WorkQuerySet(model)
    return rows
