"""What one model found of one structure in one image."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from annotations.imaging.grid import Grid
from annotations.models import Image, Structure
from inference.models.model_version import ModelVersion
from inference.models.run import Run
from inference.models.separated import Separated

if TYPE_CHECKING:
    from annotations.models import User


class SegmentationQuerySet(models.QuerySet["Segmentation"]):
    def visible_to(self, user: User) -> SegmentationQuerySet:
        return self.filter(image__dataset__project__memberships__user=user)


class Segmentation(Separated):
    """Threshold and separation are those that its objects were made with."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="segmentations")
    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="segmentations")
    structure = models.ForeignKey(
        Structure, on_delete=models.RESTRICT, related_name="segmentations"
    )
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+")
    # Names the folder of the files; a new one for every segmenting, so that caches never lie.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    threshold = models.FloatField()
    # Of the grid that the patch scores count in: the data set's may change afterwards.
    patch_size = models.PositiveIntegerField(help_text="px")
    overlap = models.PositiveIntegerField(help_text="px")
    object_count = models.PositiveIntegerField()
    area_px = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SegmentationQuerySet.as_manager()

    class Meta:
        ordering = ("image", "structure")
        constraints = (
            *Separated.Meta.constraints,
            models.UniqueConstraint(
                fields=("image", "model", "structure"), name="one_segmentation_per_model"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lte=1),
                name="segmentation_threshold_is_a_probability",
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} in {self.image} by {self.model}"

    @property
    def grid(self) -> Grid:
        image = self.image
        return Grid(image.height, image.width, self.patch_size, self.overlap)

    @property
    def folder(self) -> Path:
        """Within the image's folder, so that both go together."""
        return self.image.folder / "segmentations" / str(self.key)

    @property
    def map(self) -> Path:
        """OME-Zarr of one uint8 channel: 0 to 255 stands for 0 to 1."""
        return self.folder / "map.zarr"

    @property
    def patch_scores(self) -> Path:
        """float32 (rows, columns): the classifier's probability for each patch."""
        return self.folder / "patches.npy"

    @property
    def objects_table(self) -> Path:
        return self.folder / "objects.parquet"

    @property
    def area_fraction(self) -> float:
        return self.area_px / (self.image.width * self.image.height)

    @property
    def area_um2(self) -> float | None:
        size = self.image.pixel_size_um
        return None if size is None else self.area_px * size[0] * size[1]
