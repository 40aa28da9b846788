"""The headers of the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload)."""

import base64
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import http_date
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from annotations.api.base import APIView, Request
from annotations.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
CONTENT_TYPE = "application/offset+octet-stream"
# Names of files are short; more is no name.
LONGEST_METADATA = 8192


class OtherVersion(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = f"Send the header Tus-Resumable: {VERSION}."


class PieceParser(BaseParser):
    """Hands the bytes on unread: a view reads them as they come."""

    media_type = CONTENT_TYPE

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream


class TusView(APIView):
    """A view that speaks tus; what it answers names the version."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        speaks = request.method in ("POST", "PATCH", "HEAD")
        if speaks and request.headers.get("Tus-Resumable") != VERSION:
            raise OtherVersion

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        if response.status_code == OtherVersion.status_code:
            response["Tus-Version"] = VERSION
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What of tus is spoken here."""
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.MAX_IMAGE_BYTES),
        }
        return Response(status=status.HTTP_204_NO_CONTENT, headers=headers)


def number_in(request: Request, header: str) -> int:
    """A whole number in a header; anything else is answered with 400."""
    given = request.headers.get(header, "")
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise ValidationError({"detail": f"The header {header} has to be a whole number."})
    return int(given)


def metadata_in(request: Request) -> dict[str, str]:
    """The pairs of the Upload-Metadata header; bytes that are no UTF-8 are marked in the text."""
    given = request.headers.get("Upload-Metadata", "")
    if len(given) > LONGEST_METADATA:
        raise ValidationError({"detail": "The header Upload-Metadata is too long."})
    pairs = (pair.split(" ") for pair in given.split(",") if pair.strip())
    return {words[0]: _decoded(words[1]) for words in map(_stripped, pairs) if len(words) == 2}


def metadata_of(values: Mapping[str, str]) -> str:
    """The same header of an upload that is there."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items()
    )


def upload_headers(upload: Upload) -> dict[str, str]:
    """Where an upload stands."""
    headers = {
        "Upload-Offset": str(upload.received),
        "Upload-Length": str(upload.byte_count),
        "Upload-Metadata": metadata_of({"filename": upload.name}),
    }
    if upload.state == Upload.State.RECEIVING:
        headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return headers


def _stripped(words: list[str]) -> list[str]:
    return [word for word in words if word]


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", errors="replace")
    except ValueError as error:
        raise ValidationError({"detail": "Upload-Metadata has to be base64."}) from error
