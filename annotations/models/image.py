"""One uploaded image: the untouched original, and the OME-Zarr store made of it."""

from __future__ import annotations

import uuid
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.imaging.grid import Grid
from annotations.models.dataset import Dataset

if TYPE_CHECKING:
    from annotations.models.user import User


# Of a list of images, most have the same.
@lru_cache(maxsize=1000)
def _grid(height: int, width: int, patch_size: int, overlap: int) -> Grid:
    return Grid(height=height, width=width, patch_size=patch_size, overlap=overlap)


class ImageQuerySet(models.QuerySet["Image"]):
    def visible_to(self, user: User) -> ImageQuerySet:
        return self.filter(dataset__project__memberships__user=user)

    def ready(self) -> ImageQuerySet:
        return self.filter(state=Image.State.READY)

    def without_pixel_size(self) -> ImageQuerySet:
        return self.filter(Q(pixel_size_y_um=None) | Q(pixel_size_x_um=None))


class Image(models.Model):
    class State(models.TextChoices):
        # The file does not say what its pages are; somebody has to.
        WAITING = "waiting", "Waiting for its axes"
        IMPORTING = "importing", "Importing"
        READY = "ready", "Ready"
        REFUSED = "refused", "Refused"

    class Split(models.TextChoices):
        TRAIN = "train", "Training"
        VALIDATION = "validation", "Validation"
        TEST = "test", "Test"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="images")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    byte_count = models.BigIntegerField()
    # Which image of its file, counted from 0: a file of several scenes becomes several images.
    series = models.PositiveIntegerField(default=0)
    format = models.CharField(max_length=40, blank=True)
    # Meaning of the file's pages ("TZCYX"), as read or as somebody said; empty: as the file says.
    axes = models.CharField(max_length=10, blank=True)
    # What somebody said the pages are, of a file that does not say: "Z", "T" or "C".
    page_axis = models.CharField(max_length=1, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.IMPORTING)
    error = models.TextField(blank=True)
    # Decided once, when a training first uses the image, so that no retraining leaks.
    split = models.CharField(max_length=10, choices=Split, blank=True)

    width = models.PositiveIntegerField(help_text="px")
    height = models.PositiveIntegerField(help_text="px")
    size_z = models.PositiveIntegerField(default=1, help_text="planes")
    size_t = models.PositiveIntegerField(default=1, help_text="time points")
    dtype = models.CharField(max_length=10)
    is_rgb = models.BooleanField(default=False)
    # One entry per channel: {"name", "colour", "low", "high"}.
    channels = models.JSONField(default=list)
    pixel_size_y_um = models.FloatField(null=True, blank=True)
    pixel_size_x_um = models.FloatField(null=True, blank=True)
    pixel_size_z_um = models.FloatField(null=True, blank=True)
    acquired_at = models.DateTimeField(null=True, blank=True)

    # Of the experiment, from a table beside the images or by hand.
    condition = models.CharField(max_length=120, blank=True)
    well = models.CharField(max_length=40, blank=True)
    replicate = models.CharField(max_length=40, blank=True)

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("dataset", "sha256", "series"),
                condition=~Q(state="refused"),
                name="image_bytes_are_unique",
            ),
            models.UniqueConstraint(
                fields=("dataset", "name"),
                condition=~Q(state="refused"),
                name="image_name_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "importing", "ready", "refused")),
                name="image_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(split__in=("", "train", "validation", "test")),
                name="image_split_is_known",
            ),
            models.CheckConstraint(
                condition=Q(page_axis__in=("", "Z", "T", "C")), name="image_page_axis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1, size_z__gte=1, size_t__gte=1),
                name="image_has_pixels",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(error=""), name="image_refused_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def grid(self) -> Grid:
        dataset = self.dataset
        return _grid(self.height, self.width, dataset.patch_size, dataset.overlap)

    @property
    def pixel_size_um(self) -> tuple[float, float] | None:
        """Height and width of a pixel in µm, where the file told them."""
        if self.pixel_size_y_um is None or self.pixel_size_x_um is None:
            return None
        return self.pixel_size_y_um, self.pixel_size_x_um

    @property
    def limits(self) -> list[tuple[float, float]]:
        """Display and normalisation range of each channel, in the image's own units."""
        return [(channel["low"], channel["high"]) for channel in self.channels]

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "images" / str(self.key)

    @property
    def original(self) -> Path:
        return self.folder / "original"

    @property
    def store(self) -> Path:
        return self.folder / "image.zarr"

    @property
    def projection(self) -> Path:
        """Maximum over z of every channel and time point, where there is more than one plane."""
        return self.folder / "projection.zarr"

    @property
    def progress_file(self) -> Path:
        """How far its import is, 0 to 1: kept beside it, so that no row changes at every tick."""
        return self.folder / "progress"

    @property
    def can_be_tried_again(self) -> bool:
        """Whether the import failed for a reason of the server's, so that the file was kept."""
        return self.state == Image.State.REFUSED and self.original.exists()

    @property
    def thumbnail(self) -> Path:
        return self.folder / "thumbnail.png"

    @property
    def import_progress(self) -> float | None:
        """The share of an import that is done, or None when none is under way."""
        if self.state != self.State.IMPORTING:
            return None
        try:
            return float(self.progress_file.read_text())
        except (OSError, ValueError):
            return 0.0
