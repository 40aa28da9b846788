"""Projects and who takes part in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from annotations.models.user import User


class Role(models.TextChoices):
    MANAGER = "manager", "Manager"
    ANNOTATOR = "annotator", "Annotator"
    VIEWER = "viewer", "Viewer"

    def covers(self, other: Role) -> bool:
        """Whether a member of this role may do what the other role may."""
        order = list(Role)
        return order.index(self) <= order.index(other)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> ProjectQuerySet:
        return self.filter(memberships__user=user)


class Project(models.Model):
    class Consensus(models.TextChoices):
        MAJORITY = "majority", "Majority of the answers"
        UNANIMOUS = "unanimous", "All answers agree"
        POSTERIOR = "posterior", "Probability, by how reliable people are"
        MANAGER = "manager", "A manager decides"

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    # Annotators see neither the answers of others nor what a model expects.
    blind = models.BooleanField(default=True)
    consensus = models.CharField(max_length=9, choices=Consensus, default=Consensus.MAJORITY)
    # How sure the rule "posterior" must be.
    consensus_probability = models.FloatField(default=0.9)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="project_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(consensus__in=("majority", "unanimous", "posterior", "manager")),
                name="project_consensus_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(consensus_probability__gt=0.5, consensus_probability__lt=1),
                name="project_consensus_is_a_probability",
            ),
        )

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> MembershipQuerySet:
        return self.filter(project__memberships__user=user)


class Membership(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("project", "user"), name="one_membership_per_person"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} as {self.role} in {self.project}"
