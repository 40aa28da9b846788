"""Answers. A patch is a position (image, row, column), so only answers are rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.image import Image
from annotations.models.structure import Structure

if TYPE_CHECKING:
    from annotations.models.user import User


class Answer(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "Unsure"


class LabelQuerySet(models.QuerySet["Label"]):
    def visible_to(self, user: User) -> LabelQuerySet:
        return self.filter(image__dataset__project__memberships__user=user)


class Label(models.Model):
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="labels")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="labels")
    # A person's answers outlive their account: deactivate people, do not delete them.
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="labels"
    )
    value = models.CharField(max_length=6, choices=Answer)
    updated_at = models.DateTimeField()

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ("image", "structure", "row", "column", "annotator")
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure", "annotator", "row", "column"),
                name="one_answer_per_patch_and_person",
            ),
            models.CheckConstraint(condition=Q(value__in=Answer.values), name="answer_is_known"),
        )
        indexes = (
            # Who has answered about these patches, whoever it was: asked at every handing out.
            models.Index(fields=("structure", "image", "row", "column"), name="label_by_patch"),
        )

    def __str__(self) -> str:
        return f"{self.structure} at {self.row},{self.column}: {self.value}"


class LabelChange(models.Model):
    """The history: one row for each change of an answer, never altered afterwards."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="label_changes")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Empty where there was no answer before, or none after.
    old = models.CharField(max_length=6, choices=Answer, blank=True)
    new = models.CharField(max_length=6, choices=Answer, blank=True)
    at = models.DateTimeField(db_index=True)
    # Of the grid that row and column count in; None: written before grids could change.
    patch_size = models.PositiveIntegerField(null=True)
    overlap = models.PositiveIntegerField(null=True)
    # The sender's own number of this answer, so that one that arrives twice is known again.
    event = models.UUIDField(null=True, blank=True)
    # From when the patch was shown to when it was answered.
    took_ms = models.PositiveIntegerField(null=True)
    # Whether a model's expectation was shown with it; None: not told.
    suggested = models.BooleanField(null=True)
    # False: an answer that arrived after a later one of the same person; it is only history.
    applied = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(old=models.F("new")) | Q(applied=False), name="change_changes"
            ),
            models.UniqueConstraint(
                fields=("annotator", "event"),
                condition=Q(event__isnull=False),
                name="an_answer_arrives_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.row},{self.column}: {self.old or '–'} → {self.new or '–'}"
