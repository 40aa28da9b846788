"""How well a segmentation agrees with what is known from elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from annotations.models import Reference
from inference.models.segmentation import Segmentation


class ReferenceScoreQuerySet(models.QuerySet["ReferenceScore"]):
    def current(self) -> ReferenceScoreQuerySet:
        """Those of the reference and the segmentation that are there now."""
        reference = Reference.objects.filter(
            key=OuterRef("reference_key"),
            image=OuterRef("segmentation__image"),
            structure=OuterRef("segmentation__structure"),
        )
        result = Segmentation.objects.filter(
            pk=OuterRef("segmentation"), key=OuterRef("segmentation_key")
        )
        return self.filter(Exists(reference), Exists(result))


class ReferenceScore(models.Model):
    """Scores are null where neither the result nor the reference holds anything."""

    segmentation = models.OneToOneField(
        Segmentation, on_delete=models.CASCADE, related_name="reference_score"
    )
    # Of the files that were compared: both may be replaced.
    segmentation_key = models.UUIDField()
    reference_key = models.UUIDField()
    pixel_f1 = models.FloatField(null=True)
    iou = models.FloatField(null=True)
    object_f1 = models.FloatField(null=True)
    count_error = models.IntegerField()
    at = models.DateTimeField(auto_now=True)

    objects = ReferenceScoreQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=(
                    (Q(pixel_f1=None) | Q(pixel_f1__gte=0, pixel_f1__lte=1))
                    & (Q(iou=None) | Q(iou__gte=0, iou__lte=1))
                    & (Q(object_f1=None) | Q(object_f1__gte=0, object_f1__lte=1))
                ),
                name="reference_scores_are_shares",
            ),
        )

    def __str__(self) -> str:
        return f"Against the reference: {self.segmentation}"
