"""What managers say about patches: decisions, examples, answers to compare with, remarks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.image import Image
from annotations.models.label import Answer
from annotations.models.structure import Structure


class Decision(models.Model):
    """A manager's word on a patch. It outweighs the answers and changes none of them."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="decisions")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="decisions")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    value = models.CharField(max_length=6, choices=Answer)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("image", "structure", "row", "column")
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure", "row", "column"), name="one_decision_per_patch"
            ),
            models.CheckConstraint(
                condition=Q(value__in=Answer.values), name="decision_is_an_answer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} at {self.row},{self.column}: {self.value}"


class ModelPatch(models.Model):
    """A patch whose answer is known: shown as an example, or asked to see how well people do."""

    class Use(models.TextChoices):
        EXAMPLE = "example", "Example"
        CALIBRATION = "calibration", "Calibration"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="model_patches")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="model_patches")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    use = models.CharField(max_length=11, choices=Use)
    value = models.CharField(max_length=6, choices=Answer)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("structure", "use", "value", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("structure", "image", "row", "column", "use"),
                name="one_known_answer_per_patch_and_use",
            ),
            models.CheckConstraint(
                condition=Q(use__in=("example", "calibration")), name="model_patch_use_is_known"
            ),
            models.CheckConstraint(
                condition=Q(value__in=Answer.values), name="model_patch_has_an_answer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.use} of {self.structure}: {self.value}"


class Remark(models.Model):
    """A remark on a patch; with a person in `sent_to` it asks them to look at it again."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="remarks")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="remarks")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sent_back",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(text="") | Q(sent_to__isnull=False), name="remark_says_something"
            ),
        )

    def __str__(self) -> str:
        return self.text or f"Sent back to {self.sent_to}"
