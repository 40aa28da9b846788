"""How a person likes to work."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    # {command: key} where it differs from the usual one.
    keys = models.JSONField(default=dict, blank=True)
    tour_seen = models.BooleanField(default=False)

    class Meta:
        ordering = ("user",)
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"
