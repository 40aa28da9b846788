"""Statements by hand, for what happens dozens of times a second.

To compose one with the ORM takes a millisecond or two, ten of them in a request were three quarters
of it. Arrays travel as one parameter: an array to PostgreSQL, JSON to SQLite.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime

Cell = tuple[int, ...]
Part = tuple[str, list[Any]]


def rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_sent(param) for param in params])
        return list(cursor.fetchall())


def execute(sql: str, params: Sequence[Any]) -> int:
    """Run a statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_sent(param) for param in params])
        return int(cursor.rowcount)


def table(name: str, columns: Sequence[str], cells: Sequence[Cell]) -> Part:
    """A common table expression of whole numbers, and what to send with it."""
    head = f"{name} ({', '.join(map(quoted, columns))})"
    if connection.vendor == "postgresql":
        arrays = ", ".join(["%s::bigint[]"] * len(columns))
        values = [list(column) for column in zip(*cells, strict=True)] or [[] for _ in columns]
        return _UNNESTED.format(head=head, arrays=arrays), values
    parts = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    return _OF_JSON.format(head=head, parts=parts), [json.dumps(cells)]


_UNNESTED = "{head} AS (SELECT * FROM unnest({arrays}))"
_OF_JSON = "{head} AS (SELECT {parts} FROM json_each(%s))"


def among(column: str, keys: Sequence[int] | Sequence[UUID]) -> Part:
    """The condition that a column holds one of the keys."""
    if connection.vendor == "postgresql":
        kind = "uuid" if keys and isinstance(keys[0], UUID) else "bigint"
        return f"{column} = ANY(%s::{kind}[])", [list(keys)]
    plain = [key.hex if isinstance(key, UUID) else key for key in keys]
    return _AMONG_JSON.format(column=column), [json.dumps(plain)]


_AMONG_JSON = "{column} IN (SELECT value FROM json_each(%s))"


def insert(model: type[Model], columns: Mapping[str, Sequence[Any]], suffix: str = "") -> None:
    """Write rows that are given as columns; `suffix` says what is done on a conflict."""
    fields = [_field(model, name) for name in columns]
    names = ", ".join(map(quoted, columns))
    into = f"INSERT INTO {quoted(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            source = _ROWS.format(kinds=kinds)
            cursor.execute(f"{into} {source} {suffix}", [list(one) for one in columns.values()])
            return
        plain = [
            [field.get_db_prep_save(value, connection) for value in column]
            for field, column in zip(fields, columns.values(), strict=True)
        ]
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"{into} VALUES ({marks}) {suffix}", list(zip(*plain, strict=True)))


_ROWS = "SELECT * FROM unnest({kinds})"


def delete(model: type[Model], keys: Sequence[int]) -> None:
    """Rows on which nothing hangs, so that none has to be looked at before it goes."""
    if keys:
        which, params = among("id", keys)
        execute(_DELETE.format(table=quoted(model._meta.db_table), which=which), params)


_DELETE = "DELETE FROM {table} WHERE {which}"


def time_of(given: Any) -> datetime:
    """A time as the database gives it: text from SQLite, which knows no times, in UTC."""
    time = given if isinstance(given, datetime) else parse_datetime(given)
    assert time is not None
    return time if timezone.is_aware(time) else time.replace(tzinfo=UTC)


def uuid_of(given: Any) -> UUID:
    """A UUID as the database gives it."""
    return given if isinstance(given, UUID) else UUID(given)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _field(model: type[Model], column: str) -> "Field[Any, Any]":
    for field in model._meta.local_concrete_fields:
        if field.column == column:
            return field
    raise KeyError(column)


def _sent(param: Any) -> Any:
    if isinstance(param, datetime):
        return connection.ops.adapt_datetimefield_value(param)
    return param
