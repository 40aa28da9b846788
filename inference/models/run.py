"""One piece of work for a worker, with everything needed to watch it and to take it up again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models import Dataset

if TYPE_CHECKING:
    from annotations.models import User

# A running job beats every few seconds; after this long without, its worker is taken for dead.
HEARTBEAT_LIMIT = timedelta(seconds=45)
# A waiting task is seen every few seconds; after this long without, it is taken for lost.
SENT_LIMIT = timedelta(seconds=30)


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> RunQuerySet:
        return self.filter(dataset__project__memberships__user=user)

    def claimable(self, now: datetime) -> RunQuerySet:
        """Runs that wait, and runs whose worker died."""
        orphaned = Q(state=Run.State.RUNNING, heartbeat_at__lt=now - HEARTBEAT_LIMIT)
        return self.filter(Q(state=Run.State.QUEUED) | orphaned)

    def forgotten(self, now: datetime) -> RunQuerySet:
        """Claimable runs that no task in the queue stands for."""
        return self.claimable(now).filter(sent_at__lt=now - SENT_LIMIT)


class Run(models.Model):
    class Kind(models.TextChoices):
        TRAIN = "train", "Train"
        SEGMENT = "segment", "Segment"
        THRESHOLD = "threshold", "Apply threshold"
        SEPARATE = "separate", "Separate objects"
        SCORE = "score", "Score patches"
        EXPORT = "export", "Export"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="runs")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    params = models.JSONField(default=dict)
    # The model a segmentation or an export uses; a training makes one of its own.
    uses = models.ForeignKey(
        "inference.ModelVersion", on_delete=models.CASCADE, null=True, related_name="used_by"
    )

    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    # One entry per epoch of a training.
    history = models.JSONField(default=list)
    cancel_requested = models.BooleanField(default=False)
    # Who holds the run: a fresh value for each claim, so that a late double cannot write.
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True)
    # When a task for the run was last seen in the queue; without one for long, it is sent again.
    sent_at = models.DateTimeField(default=timezone.now)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=("train", "segment", "threshold", "separate", "score", "export")
                ),
                name="run_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running", "done", "failed", "cancelled")),
                name="run_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="run_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(heartbeat_at__isnull=False, claim__isnull=False, started_at__isnull=False),
                name="run_running_is_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running")) ^ Q(finished_at__isnull=False),
                name="run_ended_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="run_failed_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="train") ^ Q(uses__isnull=False), name="run_uses_a_model"
            ),
        )
        indexes = (models.Index(fields=("state", "heartbeat_at"), name="run_by_state"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def folder(self) -> Path:
        """Where the run keeps its checkpoint and what it made."""
        return self.dataset.folder / "runs" / str(self.key)

    @property
    def bundle(self) -> Path:
        """The zip that an export makes."""
        return self.folder / "micraweb.zip"

    @property
    def is_active(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)
