"""Turning what the database refuses into a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from annotations.errors import Rejected


@contextmanager
def unique_name(what: str) -> Iterator[None]:
    """Say that a name is taken when a unique constraint says so.

    The database decides, not a look beforehand: two people may save at the same moment.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        article = "an" if what[0] in "aeiou" else "a"
        raise Rejected(
            f"There is already {article} {what} of this name.", field="name", conflict=True
        ) from error


def cleaned_name(name: str) -> str:
    """The name without surrounding spaces; an empty one is rejected."""
    name = name.strip()
    if not name:
        raise Rejected("Give it a name.", field="name")
    return name
