"""Sending files in pieces (tus), and what became of them."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.api.scope import dataset_of
from annotations.api.tus import (
    CONTENT_TYPE,
    VERSION,
    PieceParser,
    TusView,
    metadata_in,
    number_in,
    upload_headers,
)
from annotations.models import Upload
from annotations.services.images.receiving import Readable
from annotations.services.images.uploads import (
    discard_upload,
    receive_piece,
    retry_upload,
    start_upload,
)

_VERSION = OpenApiParameter(
    "Tus-Resumable", str, OpenApiParameter.HEADER, required=True, description=VERSION
)


def _whole(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, int, OpenApiParameter.HEADER, required=True, description=description
    )


class UploadOutput(serializers.ModelSerializer[Upload]):
    received = serializers.IntegerField(help_text="bytes that are here")
    can_be_tried_again = serializers.BooleanField()
    address = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = (
            "key",
            "name",
            "byte_count",
            "received",
            "state",
            "error",
            "can_be_tried_again",
            "address",
            "created_at",
        )

    def get_address(self, upload: Upload) -> str:
        return reverse("api-upload", args=[upload.key])


class UploadsView(TusView):
    parser_classes = (PieceParser, JSONParser)

    @extend_schema(responses=UploadOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Your files on their way into a data set, and those refused and not yet dismissed."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        mine = Upload.objects.visible_to(user).filter(dataset=dataset)
        return Response(UploadOutput(mine.exclude(state=Upload.State.DONE), many=True).data)

    @extend_schema(
        parameters=[
            _VERSION,
            _whole("Upload-Length", "bytes of the whole file"),
            OpenApiParameter(
                "Upload-Metadata",
                str,
                OpenApiParameter.HEADER,
                description="filename, condition, well, replicate: each with its value in base64",
            ),
        ],
        request={CONTENT_TYPE: OpenApiTypes.BINARY},
        responses={201: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Announce a file (tus creation). `Location` is where its bytes are sent."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        metadata = metadata_in(request)
        upload = start_upload(
            by=user,
            dataset=dataset,
            name=metadata.get("filename") or metadata.get("name") or "",
            byte_count=number_in(request, "Upload-Length"),
            details=metadata,
        )
        if request.content_type == CONTENT_TYPE and (content := _content(request)) is not None:
            receive_piece(by=user, upload=upload, offset=0, content=content)
        headers = upload_headers(upload) | {"Location": reverse("api-upload", args=[upload.key])}
        return Response(status=status.HTTP_201_CREATED, headers=headers)


class UploadView(TusView):
    parser_classes = (PieceParser,)

    def head(self, request: Request, key: UUID) -> Response:
        """How much of a file is here."""
        return Response(headers=upload_headers(_own(request, key)))

    @extend_schema(
        parameters=[_VERSION, _whole("Upload-Offset", "where these bytes go on")],
        request={CONTENT_TYPE: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, key: UUID) -> Response:
        """Send what follows of a file. What arrived before a connection broke need not be sent."""
        if request.content_type != CONTENT_TYPE:
            raise UnsupportedMediaType(request.content_type or "", f"Send {CONTENT_TYPE}.")
        upload, offset = _own(request, key), number_in(request, "Upload-Offset")
        content = _content(request)
        if content is not None:
            receive_piece(by=user_of(request), upload=upload, offset=offset, content=content)
        return Response(status=status.HTTP_204_NO_CONTENT, headers=upload_headers(upload))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: UUID) -> Response:
        """Cancel an upload (tus termination), or dismiss a refused one."""
        discard_upload(by=user_of(request), upload=_own(request, key))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadRetryView(APIView):
    @extend_schema(request=None, responses=UploadOutput)
    def post(self, request: Request, key: UUID) -> Response:
        """Have a file read again that was kept because the server was at fault."""
        upload = retry_upload(by=user_of(request), upload=_own(request, key))
        return Response(UploadOutput(upload).data)


def _own(request: Request, key: UUID) -> Upload:
    mine = Upload.objects.visible_to(user_of(request)).select_related("dataset__project")
    return get_object_or_404(mine, key=key)


def _content(request: Request) -> Readable | None:
    """The bytes of the request, to be read as they come; None when there are none."""
    given: Any = request.data
    return given if hasattr(given, "read") else None
