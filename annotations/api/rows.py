"""Rows of long lists, written without asking anew for each row how to."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

_Row = TypeVar("_Row", bound=Model)
Write = Callable[[Any], Any]

# A model's value of these is what is shown.
_AS_IT_IS = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.JSONField,
)


class RowSerializer(serializers.ModelSerializer[_Row]):
    """A `ModelSerializer` for output that writes the same several times faster."""

    def to_representation(self, row: _Row) -> dict[str, Any]:
        return {name: write(row) for name, write in self._writers}

    def address(self, name: str, key: int) -> str:
        """The address of a view of one row."""
        if name not in self._addresses:
            before, _, after = reverse(name, args=[0]).rpartition("/0/")
            self._addresses[name] = f"{before}/", f"/{after}"
        before, after = self._addresses[name]
        return f"{before}{key}{after}"

    @cached_property
    def _addresses(self) -> dict[str, tuple[str, str]]:
        return {}

    @cached_property
    def _writers(self) -> list[tuple[str, Write]]:
        return [(name, self._writer(field)) for name, field in _fields(type(self)).items()]

    def _writer(self, field: Any) -> Write:
        """Of one that is not for input alone."""
        if isinstance(field, serializers.SerializerMethodField):
            write: Write = getattr(self, field.method_name)
            return write
        if isinstance(field, serializers.PrimaryKeyRelatedField):
            return attrgetter(f"{field.source}_id")
        read: Write = attrgetter(str(field.source))
        if isinstance(field, _AS_IT_IS):
            return read
        if isinstance(field, serializers.DateTimeField):
            return _unless_none(read, _in(timezone.get_current_timezone()))
        return _unless_none(read, field.to_representation)


# For output alone they are never changed, and making them takes as long as some hundred rows.
@cache
def _fields(of: type[RowSerializer[Any]]) -> Mapping[str, Any]:
    return of().fields


def _in(zone: tzinfo) -> Write:
    def show(time: datetime) -> str:
        return time.astimezone(zone).isoformat().replace("+00:00", "Z")

    return show


def _unless_none(read: Write, show: Write) -> Write:
    def write(row: Any) -> Any:
        value = read(row)
        return None if value is None else show(value)

    return write
