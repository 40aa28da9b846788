"""One piece of work for a worker, with everything needed to watch it and to take it up again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import models
from django.db.models import Q

from annotations.models import Dataset
from annotations.models.work import Work, WorkQuerySet


class RunQuerySet(WorkQuerySet["Run"]):
    """Runs, as whoever asks may see them."""


class Run(Work):
    class Kind(models.TextChoices):
        TRAIN = "train", "Training"
        SEGMENT = "segment", "Segmentation"
        THRESHOLD = "threshold", "New threshold"
        SEPARATE = "separate", "New count of objects"
        SCORE = "score", "Scores for patches"
        EXPORT = "export", "Export"

    # Seen in the queue every few seconds, while another computes: see `note_waiting`.
    SENT_LIMIT = timedelta(seconds=30)

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind)
    # The model a segmentation or an export uses; a training makes one of its own.
    uses = models.ForeignKey(
        "inference.ModelVersion", on_delete=models.CASCADE, null=True, related_name="used_by"
    )
    # One entry per epoch of a training.
    history = models.JSONField(default=list)

    objects = RunQuerySet.as_manager()

    class Meta(Work.Meta):
        constraints = (
            *Work.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    kind__in=("train", "segment", "threshold", "separate", "score", "export")
                ),
                name="run_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="run_failed_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="train") ^ Q(uses__isnull=False), name="run_uses_a_model"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def folder(self) -> Path:
        """Where the run keeps its checkpoint and what it made."""
        return self.dataset.folder / "runs" / str(self.key)

    @property
    def holds_answers(self) -> bool:
        """Whether what everybody answered is in the zip of an export."""
        # Before this was written down, it was.
        return bool(self.params.get("answers", True))

    @property
    def bundle(self) -> Path:
        """The zip that an export makes."""
        return self.folder / "micraweb.zip"
