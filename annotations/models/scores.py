"""What a model expects of patches, for whoever ranks or suggests."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from annotations.models.image import Image
from annotations.models.structure import Structure


class PatchScores(models.Model):
    """The newest probabilities of one structure over one image's grid.

    One row per image instead of one per patch: ranking a million patches reads 2 MB.
    """

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="patch_scores")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="patch_scores")
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    # float16 (rows, columns), C order, little-endian.
    scores = models.BinaryField()
    # For people: which model they are of.
    source = models.CharField(max_length=120)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("image", "structure")
        verbose_name_plural = "patch scores"
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure"), name="one_set_of_scores_per_structure"
            ),
            models.CheckConstraint(
                condition=Q(rows__gte=1, columns__gte=1), name="scores_have_a_grid"
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} in {self.image} by {self.source}"


class PatchGuesses(models.Model):
    """What to expect of the patches of one image from the answers alone, renewed as they come, and
    which of them are asked about next.

    Made without any training, for the order in which people are asked; nobody is shown them.
    """

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="patch_guesses")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="patch_guesses")
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    # float16 (rows, columns), C order, little-endian.
    scores = models.BinaryField()
    # uint16 (rows, columns), C order, little-endian: 1 is asked about first in the data set, 0 has
    # no turn. Empty where none has.
    turns = models.BinaryField(default=b"", blank=True)
    # The newest change of an answer that they know; 0 where nothing was answered yet.
    known_until = models.PositiveBigIntegerField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("image", "structure")
        verbose_name_plural = "patch guesses"
        constraints = (
            models.UniqueConstraint(
                fields=("image", "structure"), name="one_set_of_guesses_per_structure"
            ),
            models.CheckConstraint(
                condition=Q(rows__gte=1, columns__gte=1), name="guesses_have_a_grid"
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} in {self.image} by the answers"
