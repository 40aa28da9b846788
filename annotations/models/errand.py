"""Something that a person asked for and that takes longer than a page may: done by a worker."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.dataset import Dataset

if TYPE_CHECKING:
    from annotations.models.user import User

# A running errand beats every few seconds; after this long without, its worker is taken for dead.
HEARTBEAT_LIMIT = timedelta(seconds=45)
# After this long without a worker, the task of a waiting errand is taken for lost.
SENT_LIMIT = timedelta(seconds=60)


class ErrandQuerySet(models.QuerySet["Errand"]):
    def visible_to(self, user: User) -> ErrandQuerySet:
        return self.filter(dataset__project__memberships__user=user)

    def active(self) -> ErrandQuerySet:
        return self.filter(state__in=(Errand.State.QUEUED, Errand.State.RUNNING))

    def claimable(self, now: datetime) -> ErrandQuerySet:
        """Errands that wait, and errands whose worker died."""
        orphaned = Q(state=Errand.State.RUNNING, heartbeat_at__lt=now - HEARTBEAT_LIMIT)
        return self.filter(Q(state=Errand.State.QUEUED) | orphaned)

    def forgotten(self, now: datetime) -> ErrandQuerySet:
        """Claimable errands that have waited so long that their task must have been lost."""
        return self.claimable(now).filter(sent_at__lt=now - SENT_LIMIT)


class Errand(models.Model):
    class Kind(models.TextChoices):
        GRID = "grid", "Change of the grid"
        GRID_PLAN = "grid-plan", "What another grid would do"
        EMPTIES = "empties", "Empty patches"
        TABLE = "table", "Table of answers"
        MASK = "mask", "Mask or outlines"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    # Names its file, if it has one.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    params = models.JSONField(default=dict)
    name = models.CharField(max_length=255, blank=True, help_text="The file it came from.")

    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    # What became of it; empty until it is done.
    report = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    # Who holds the errand: a fresh value for each claim, so that a late double cannot write.
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(default=timezone.now)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("grid", "grid-plan", "empties", "table", "mask")),
                name="errand_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running", "done", "failed", "cancelled")),
                name="errand_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="errand_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(heartbeat_at__isnull=False, claim__isnull=False, started_at__isnull=False),
                name="errand_running_is_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running")) ^ Q(finished_at__isnull=False),
                name="errand_ended_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(error=""), name="errand_failed_for_a_reason"
            ),
            models.UniqueConstraint(
                fields=("dataset",),
                condition=Q(kind="grid", state__in=("queued", "running")),
                name="one_grid_change_at_a_time",
            ),
        )
        indexes = (models.Index(fields=("state", "heartbeat_at"), name="errand_by_state"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def path(self) -> Path:
        """The file that it is about, until the errand is over."""
        return Path(settings.MEDIA_ROOT) / "incoming" / str(self.key)

    @property
    def is_active(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def can_be_taken(self) -> bool:
        """Whether its file was only looked at, and is still here to be taken in."""
        looked = self.state == self.State.DONE and bool(self.params.get("dry_run"))
        return looked and self.path.exists()
