"""What is there, and what is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from annotations.models import (
    Image,
    Label,
    User,
)
from annotations.services.answers.given import Given

Make = Callable[..., Given]


def minutes_ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def values() -> dict[tuple[int, int], str]:
    rows = Label.objects.values_list("row", "column", "value")
    return {(row, column): value for row, column, value in rows}


def manager_of(image: Image) -> User:
    return image.dataset.created_by
