"""How a person looks at the images of a data set."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from annotations.models.dataset import Dataset


class DisplaySettings(models.Model):
    """Channels, colours, contrast and gamma: shared by all images of the data set."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="display_settings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="display_settings"
    )
    # One entry per channel: {"name", "colour", "visible", "low", "high", "gamma"}.
    # None: the defaults.
    channels = models.JSONField(default=list)
    # Counts the person's choices: a choice that arrives after a later one is known by it.
    turn = models.PositiveBigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("dataset", "user")
        verbose_name_plural = "display settings"
        constraints = (
            models.UniqueConstraint(
                fields=("dataset", "user"), name="one_display_per_dataset_and_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.dataset}"
