"""Images that are labelled and segmented together, on one patch size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from annotations.models.project import Project

if TYPE_CHECKING:
    from annotations.models.user import User

MIN_PATCH_SIZE = 16
MAX_PATCH_SIZE = 1024


class Projection(models.TextChoices):
    PLANE = "plane", "One plane"
    MAX = "max", "Maximum over z"


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, user: User) -> DatasetQuerySet:
        return self.filter(project__memberships__user=user)


class Dataset(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    patch_size = models.PositiveIntegerField(help_text="Side of the square patches, in pixels.")
    overlap = models.PositiveIntegerField(
        default=0, help_text="How far neighbouring patches overlap, in pixels."
    )

    # What of a stack is labelled, trained on and segmented: a 2-D picture of some channels.
    projection = models.CharField(max_length=5, choices=Projection, default=Projection.PLANE)
    # None: the middle plane of each stack. Beyond an image's last plane, its last.
    plane_z = models.PositiveIntegerField(null=True, blank=True)
    plane_t = models.PositiveIntegerField(default=0)
    # Indices of channels; empty: all.
    used_channels = models.JSONField(default=list, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("project", "name"), name="dataset_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="dataset_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(patch_size__range=(MIN_PATCH_SIZE, MAX_PATCH_SIZE)),
                name="dataset_patch_size_is_sensible",
            ),
            # At most half: beyond that a pixel is in nine patches and more.
            models.CheckConstraint(
                condition=models.Q(overlap__lte=models.F("patch_size") / 2),
                name="dataset_overlap_is_sensible",
            ),
            models.CheckConstraint(
                condition=models.Q(projection__in=("plane", "max")),
                name="dataset_projection_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where what machines make of the data set is kept: checkpoints, models, exports."""
        return Path(settings.MEDIA_ROOT) / "datasets" / str(self.pk)
