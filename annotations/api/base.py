"""What every view of the HTTP interface shares."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Model
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from annotations.models import User


class _OneFormat(DefaultContentNegotiation):
    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class FileView(APIView):
    """A view that answers with a file, whatever the request's Accept header names."""

    content_negotiation_class = _OneFormat


def user_of(request: Request) -> User:
    """The signed-in user; the default permission lets nobody else in."""
    if not isinstance(request.user, User):
        raise BadRequest("Nobody is signed in.")
    return request.user


def parsed(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The validated body of a request; a wrong one is answered with 400."""
    bound = serializer(data=request.data)
    bound.is_valid(raise_exception=True)
    data: dict[str, Any] = bound.validated_data
    return data


def queried(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The validated query of a request, with one value for each name; a wrong one gets 400."""
    bound = serializer(data=request.query_params.dict())
    bound.is_valid(raise_exception=True)
    return dict(bound.validated_data)


def patched(serializer: type[Serializer[Any]], request: Request, current: Model) -> dict[str, Any]:
    """The validated body of a PATCH: what it leaves out stays as it is."""
    bound = serializer(data=request.data, partial=True)
    bound.is_valid(raise_exception=True)
    kept = {name: getattr(current, name) for name in serializer().get_fields()}
    return {**kept, **bound.validated_data}


def number_in_query(request: Request, name: str) -> int | None:
    """A number after the `?`, or None when it is not there; anything else is answered with 400."""
    given = request.query_params.get(name, "")
    if given and not (given.isascii() and given.isdecimal()):
        raise ValidationError({name: ["A whole number is needed here."]})
    return int(given) if given else None


__all__ = ["APIView", "FileView", "Request", "number_in_query", "parsed", "patched", "user_of"]
