"""How the labelling of a data set is shared among people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.dataset import Dataset
from annotations.models.image import Image
from annotations.models.label import Answer
from annotations.models.structure import Structure

if TYPE_CHECKING:
    from annotations.models.user import User

MAX_ANSWERS = 9
# Characters of what a page calls itself: a UUID.
PAGE_NAME = 36


class LabellingPlan(models.Model):
    """How many people are asked about a patch; a data set without a plan asks one."""

    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, related_name="plan")
    # Asked on the shared patches; one answer is asked on all others.
    answers_wanted = models.PositiveSmallIntegerField(default=2)
    shared_fraction = models.FloatField(default=0, help_text="Share of patches, 0 to 1.")
    # Shown a second time to the same person, who is not told.
    repeat_fraction = models.FloatField(default=0, help_text="Share of patches, 0 to 1.")
    # Another answer is asked only while the people who answered leave it open.
    adaptive = models.BooleanField(default=False)

    class Meta:
        ordering = ("dataset",)
        constraints = (
            models.CheckConstraint(
                condition=Q(answers_wanted__range=(1, MAX_ANSWERS)),
                name="plan_answers_are_sensible",
            ),
            models.CheckConstraint(
                condition=Q(shared_fraction__range=(0, 1), repeat_fraction__range=(0, 1)),
                name="plan_fractions_are_fractions",
            ),
        )

    def __str__(self) -> str:
        return f"{self.answers_wanted} answers on {self.shared_fraction:.0%} of {self.dataset}"


class Assignment(models.Model):
    """A person is asked to answer about a structure in a data set."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="assignments")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="assignments")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    share = models.FloatField(default=1, help_text="Of the patches, 0 to 1.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("dataset", "structure", "annotator")
        constraints = (
            models.UniqueConstraint(
                fields=("dataset", "structure", "annotator"), name="one_assignment_per_person"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="assignment_share_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.annotator}: {self.structure} in {self.dataset}"


class LeaseQuerySet(models.QuerySet["Lease"]):
    def of(self, user: User) -> LeaseQuerySet:
        return self.filter(annotator=user)


class Lease(models.Model):
    """A patch that was handed to somebody, until it is answered or the time is up."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="leases")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="leases")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases"
    )
    # Answered by this person before, without being told that it comes again.
    is_repeat = models.BooleanField(default=False)
    # Of one person's pages each has patches of its own; "" where none was named.
    page = models.CharField(max_length=PAGE_NAME, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure", "row", "column", "annotator"),
                name="one_lease_per_patch_and_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.row},{self.column} of {self.image} for {self.annotator}"


class Repeat(models.Model):
    """What a person said the second time: it never replaces the first answer."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="repeats")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="repeats")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="repeats"
    )
    first = models.CharField(max_length=6, choices=Answer)
    second = models.CharField(max_length=6, choices=Answer)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure", "row", "column", "annotator"),
                name="one_repeat_per_patch_and_person",
            ),
            models.CheckConstraint(
                condition=Q(first__in=Answer.values, second__in=Answer.values),
                name="repeat_answers_are_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first}, then {self.second}"
