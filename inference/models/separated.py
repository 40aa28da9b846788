"""What counts as an object, and how touching ones are told apart, as fields of a row."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from inference.objects.choice import Separation

SEPARATION = (
    "separation_method",
    "separation_size",
    "separation_unit",
    "separation_smallest",
)


class Separated(models.Model):
    class Method(models.TextChoices):
        AUTOMATIC = "automatic", "Automatic"
        NONE = "none", "Off"
        DISTANCE = "distance", "Distance between middles"
        H_MAXIMA = "h-maxima", "Depth of necks"

    class Unit(models.TextChoices):
        PX = "px", "px"
        UM = "um", "µm"

    separation_method = models.CharField(max_length=10, choices=Method, default=Method.AUTOMATIC)
    # None: from the mask.
    separation_size = models.FloatField(null=True)
    separation_unit = models.CharField(max_length=2, choices=Unit, default=Unit.PX)
    # px or µm², by the unit. None: MIN_OBJECT_PX.
    separation_smallest = models.FloatField(null=True)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(separation_method__in=("automatic", "none", "distance", "h-maxima")),
                name="%(class)s_separation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(separation_unit__in=("px", "um")),
                name="%(class)s_separation_unit_is_known",
            ),
            models.CheckConstraint(
                condition=Q(separation_size__isnull=True)
                | Q(separation_size__gt=0, separation_method__in=("distance", "h-maxima")),
                name="%(class)s_separation_size_belongs",
            ),
            models.CheckConstraint(
                condition=Q(separation_smallest__isnull=True) | Q(separation_smallest__gt=0),
                name="%(class)s_smallest_object_has_an_area",
            ),
        )

    @property
    def separation(self) -> Separation:
        method = self.Method(self.separation_method).value
        unit = self.Unit(self.separation_unit).value
        smallest = self.separation_smallest
        return Separation(method, self.separation_size, unit, smallest)  # type: ignore[arg-type]


def separation_fields(separation: Separation) -> dict[str, Any]:
    """The values of the fields, to create or update rows with."""
    values = (separation.method, separation.size, separation.unit, separation.smallest)
    return dict(zip(SEPARATION, values, strict=True))
