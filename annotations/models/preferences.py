"""How a person likes to work."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    # {command: key} where it differs from the usual one. A command "review:next" is of one screen;
    # without a screen before it, it is of all that know it.
    keys = models.JSONField(default=dict, blank=True)
    # Of the gallery, and of the label screen.
    tour_seen = models.BooleanField(default=False)
    label_tour_seen = models.BooleanField(default=False)

    class Meta:
        ordering = ("user",)
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"
