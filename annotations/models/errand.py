"""Something that a person asked for and that takes longer than a page may: done by a worker."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.dataset import Dataset
from annotations.models.project import Role
from annotations.models.work import Work, WorkQuerySet

if TYPE_CHECKING:
    from annotations.models.user import User

# What all members wait for together, whoever asked for it.
_SHARED = ("grid", "empties")


class ErrandQuerySet(WorkQuerySet["Errand"]):
    """Errands, as whoever asks may see them."""

    def told_to(self, user: User) -> Self:
        """In a blind project others' work on answers, which tells of them, is for managers."""
        membership = "dataset__project__memberships__"
        told = Q(created_by=user) | Q(kind__in=_SHARED) | Q(dataset__project__blind=False)
        manages = Q((f"{membership}role", Role.MANAGER))
        return self.filter(told | manages, (f"{membership}user", user))


class Errand(Work):
    class Kind(models.TextChoices):
        GRID = "grid", "Change of the grid"
        GRID_PLAN = "grid-plan", "What another grid would do"
        EMPTIES = "empties", "Empty patches"
        CLEARING = "clearing", "Answers about empty patches"
        TABLE = "table", "Table of answers"
        MASK = "mask", "Mask or outlines"

    SENT_LIMIT = timedelta(seconds=60)

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=255, blank=True, help_text="The file it came from.")
    # What became of it; empty until it is done.
    report = models.JSONField(default=dict)

    objects = ErrandQuerySet.as_manager()

    class Meta(Work.Meta):
        constraints = (
            *Work.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=("grid", "grid-plan", "empties", "clearing", "table", "mask")),
                name="errand_kind_is_known",
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

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def counts_answers(self) -> bool:
        """Whether its report tells what members answered."""
        return self.kind != self.Kind.EMPTIES

    @property
    def path(self) -> Path:
        """The file that it is about, until the errand is over."""
        return Path(settings.MEDIA_ROOT) / "incoming" / str(self.key)

    @property
    def can_be_taken(self) -> bool:
        """Whether its file was only looked at, and is still here to be taken in."""
        looked = self.state == self.State.DONE and bool(self.params.get("dry_run"))
        return looked and self.path.exists()
