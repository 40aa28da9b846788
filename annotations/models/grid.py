"""Patch grids that were given up, with the answers that were given on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.dataset import Dataset
from annotations.models.image import Image
from annotations.models.label import Answer
from annotations.models.structure import Structure


class FormerGrid(models.Model):
    """The grid a data set had; `Label` rows are always about the one it has now."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="former_grids")
    patch_size = models.PositiveIntegerField(help_text="px")
    overlap = models.PositiveIntegerField(help_text="px")
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ("-replaced_at", "-pk")

    def __str__(self) -> str:
        return f"{self.patch_size} px, {self.overlap} px overlap"


class FormerLabel(models.Model):
    """An answer as it stood when its grid was replaced; never altered afterwards."""

    grid = models.ForeignKey(FormerGrid, on_delete=models.CASCADE, related_name="labels")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    value = models.CharField(max_length=6, choices=Answer)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("grid", "image", "structure", "row", "column", "annotator")
        constraints = (
            models.UniqueConstraint(
                fields=("grid", "image", "structure", "annotator", "row", "column"),
                name="one_former_answer_per_patch_and_person",
            ),
            models.CheckConstraint(
                condition=Q(value__in=Answer.values), name="former_answer_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} at {self.row},{self.column}: {self.value}"
