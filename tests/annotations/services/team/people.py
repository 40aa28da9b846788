"""Answers of several people."""

from collections.abc import Callable

from annotations.models import (
    Image,
)
from annotations.models.label import Answer

YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE
Say = Callable[..., None]


def cells(image: Image, *columns: int) -> list[tuple[int, int, int]]:
    return [(image.pk, 0, column) for column in columns]
