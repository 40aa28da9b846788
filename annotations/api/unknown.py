"""Addresses below /api/ that do not exist."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from annotations.api.base import APIView, Request


@extend_schema(exclude=True)
class UnknownView(APIView):
    """Answers as the rest of the interface does: a program cannot read a page."""

    permission_classes = (AllowAny,)

    def get(self, request: Request, **_: Any) -> Response:
        raise NotFound("There is nothing at this address. /api/docs/ lists those that there are.")

    post = put = patch = delete = get
