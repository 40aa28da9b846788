"""What people are asked about: a structure, its question and its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models

from annotations.models.project import Project

if TYPE_CHECKING:
    from annotations.models.user import User


class StructureQuerySet(models.QuerySet["Structure"]):
    def visible_to(self, user: User) -> StructureQuerySet:
        return self.filter(project__memberships__user=user)


class Structure(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="structures")
    name = models.CharField(max_length=60)
    question = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    colour = models.CharField(
        max_length=7,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour is written #rrggbb.")],
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StructureQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("project", "name"), name="structure_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="structure_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name
