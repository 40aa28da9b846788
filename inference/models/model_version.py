"""A trained model: its weights are files, its scores and structures are rows."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from annotations.models import Dataset, Structure
from inference.models.run import Run
from inference.models.separated import Separated

if TYPE_CHECKING:
    from annotations.models import User


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def visible_to(self, user: User) -> ModelVersionQuerySet:
        return self.filter(dataset__project__memberships__user=user)


class ModelVersion(models.Model):
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="model_versions")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    # Unique, so that a training that is delivered twice makes one model.
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="model_version")
    structures = models.ManyToManyField(Structure, through="ModelStructure", related_name="+")
    scores = models.JSONField(default=dict)
    # Names of the channels it was trained on; none where that is not known.
    channels = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("dataset", "number"), name="model_number_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"

    @property
    def folder(self) -> Path:
        return self.dataset.folder / "models" / str(self.key)


class ModelStructure(Separated):
    """Which output of the network answers for which structure, and how its results are read."""

    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="outputs")
    structure = models.ForeignKey(Structure, on_delete=models.RESTRICT, related_name="outputs")
    position = models.PositiveSmallIntegerField()
    # Of the map: from here on a pixel belongs to the structure.
    threshold = models.FloatField()
    # Of the patch score: from here on a patch shows it. Chosen on the validation patches.
    decision = models.FloatField(default=0.5)

    class Meta:
        ordering = ("position",)
        constraints = (
            *Separated.Meta.constraints,
            models.UniqueConstraint(fields=("model", "position"), name="one_structure_per_output"),
            models.UniqueConstraint(fields=("model", "structure"), name="one_output_per_structure"),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lte=1),
                name="output_threshold_is_a_probability",
            ),
            models.CheckConstraint(
                condition=Q(decision__gte=0, decision__lte=1),
                name="output_decision_is_a_probability",
            ),
        )

    def __str__(self) -> str:
        return f"{self.model}: {self.structure}"
