"""What every view of the HTTP interface shares."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Model
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from annotations.models import User


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


def patched(serializer: type[Serializer[Any]], request: Request, current: Model) -> dict[str, Any]:
    """The validated body of a PATCH: what it leaves out stays as it is."""
    bound = serializer(data=request.data, partial=True)
    bound.is_valid(raise_exception=True)
    kept = {name: getattr(current, name) for name in serializer().get_fields()}
    return {**kept, **bound.validated_data}


__all__ = ["APIView", "Request", "parsed", "patched", "user_of"]
