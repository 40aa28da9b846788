"""A file on its way in: sent in pieces, then taken apart by a worker."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.dataset import Dataset

if TYPE_CHECKING:
    from annotations.models.user import User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> UploadQuerySet:
        """Their own: what somebody else sends is nobody's business until it is an image."""
        return self.filter(by=user, dataset__project__memberships__user=user)


class Upload(models.Model):
    class State(models.TextChoices):
        RECEIVING = "receiving", "Receiving"
        RECEIVED = "received", "Waiting to be read"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    # Announced by the sender; how much of it is here, the file itself says.
    byte_count = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    error = models.TextField(blank=True)
    # Condition, well and replicate of the images to come.
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("receiving", "received", "done", "refused")),
                name="upload_state_is_known",
            ),
            models.CheckConstraint(condition=Q(byte_count__gte=0), name="upload_has_a_size"),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(error=""), name="upload_refused_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where its bytes are gathered."""
        return Path(settings.MEDIA_ROOT) / "incoming" / str(self.key)

    @property
    def received(self) -> int:
        """Bytes that are here: the file itself says, so that a killed server cannot err."""
        if self.state != Upload.State.RECEIVING:
            return self.byte_count
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def can_be_tried_again(self) -> bool:
        """Whether it failed for a reason of the server's, so that its bytes were kept."""
        return self.state == Upload.State.REFUSED and self.path.exists()

    @property
    def expires_at(self) -> datetime:
        """When an upload that goes no further is removed."""
        last = self.updated_at
        if self.path.exists():
            touched = datetime.fromtimestamp(self.path.stat().st_mtime, tz=last.tzinfo)
            last = max(last, touched)
        return last + timedelta(days=settings.UPLOAD_DAYS)
