"""Errors as JSON: always a `detail` sentence, and the fields at fault by name."""

from collections.abc import Mapping
from typing import Any

from django.db import OperationalError
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from annotations.errors import BeingCut, NoRoom, Rejected, TooLarge


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer to an exception in an API view; None leaves it to Django."""
    if isinstance(error, Rejected):
        return _rejected(error)
    if isinstance(error, OperationalError) and "locked" in str(error):
        return _busy()
    if isinstance(error, Http404) and "matches the given query" in str(error):
        # What Django says there names a table.
        error = Http404("This is not there: it may have been deleted, or you may not see it.")
    response = exception_handler(error, context)
    if response is not None and isinstance(error, ValidationError):
        response.data = _with_detail(response.data)
    return response


def _rejected(error: Rejected) -> Response:
    body: dict[str, Any] = {"detail": error.message}
    if error.field:
        body[error.field] = [error.message]
    if error.refused:
        body["refused"] = error.refused
    # Who sees it asks again without being told to: nothing is wrong with what was sent.
    again = {"Retry-After": str(error.retry_after)} if isinstance(error, BeingCut) else None
    return Response(body, status=_code(error), headers=again)


def _busy() -> Response:
    """SQLite has one writer at a time, and somebody else was that for half a minute."""
    detail = "The site is busy with a large change. Nothing was kept; try again in a minute."
    again = {"Retry-After": "10"}
    return Response({"detail": detail}, status.HTTP_503_SERVICE_UNAVAILABLE, headers=again)


def _code(error: Rejected) -> int:
    if isinstance(error, NoRoom):
        return status.HTTP_507_INSUFFICIENT_STORAGE
    if isinstance(error, TooLarge):
        return status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    return status.HTTP_409_CONFLICT if error.conflict else status.HTTP_400_BAD_REQUEST


def _with_detail(data: Any) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        return {"detail": _first(data)}
    field, problem = next(iter(data.items()))
    whole = field == api_settings.NON_FIELD_ERRORS_KEY
    return {"detail": _first(problem) if whole else f"{field}: {_first(problem)}", **data}


def _first(problem: Any) -> str:
    """The first sentence in a tree of lists and mappings."""
    while isinstance(problem, Mapping | list) and problem:
        problem = next(iter(problem.values())) if isinstance(problem, Mapping) else problem[0]
    return str(problem)
