"""Patches that nobody is asked about, because there is nothing in them to ask about."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from annotations.models.image import Image


class LeftOut(models.Model):
    """A patch of the grid of today that is not asked about; gone with that grid."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="left_out")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("image", "row", "column")
        verbose_name_plural = "patches left out"
        constraints = (
            models.UniqueConstraint(
                fields=("image", "row", "column"), name="a_patch_is_left_out_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.row},{self.column} of {self.image}"
