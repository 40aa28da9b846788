"""What is known of an image from elsewhere: a mask to compare results with, never to train on."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.image import Image
from annotations.models.structure import Structure

if TYPE_CHECKING:
    from annotations.models.user import User


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def visible_to(self, user: User) -> ReferenceQuerySet:
        return self.filter(image__dataset__project__memberships__user=user)


class Reference(models.Model):
    class Origin(models.TextChoices):
        MASK = "mask", "Mask"
        GEOJSON = "geojson", "QuPath GeoJSON"
        ROI = "roi", "ImageJ ROIs"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="references")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="references")
    # Names the folder of its files; a new one for each import, so that caches never lie.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(max_length=8, choices=Origin)
    name = models.CharField(max_length=255, help_text="The file it came from.")
    object_count = models.PositiveIntegerField()
    area_px = models.PositiveBigIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("image", "structure")
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure"), name="one_reference_per_structure"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=("mask", "geojson", "roi")), name="reference_origin_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} in {self.image}"

    @property
    def folder(self) -> Path:
        """Within the image's folder, so that both go together."""
        return self.image.folder / "references" / str(self.key)

    @property
    def labels(self) -> Path:
        """OME-Zarr of one channel: 0 is background, each object has a number of its own."""
        return self.folder / "labels.zarr"
