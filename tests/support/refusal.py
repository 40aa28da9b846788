"""What the database itself refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """Expect the constraint of this name, and no other, to refuse what is done inside."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.IntegrityError)
    assert cause.diag.constraint_name == constraint


def constraints_of(app: str) -> set[str]:
    """The names of all that the database holds of an app's tables."""
    return {
        constraint.name
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
