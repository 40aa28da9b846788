"""What an experiment says of images, and folders of the server, over HTTP."""

from dataclasses import asdict
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import dataset_of
from annotations.services.existing.folders import import_folder, list_folder
from annotations.services.images.details import apply_details


class DetailsView(APIView):
    parser_classes = (MultiPartParser,)

    class TableInput(serializers.Serializer[Any]):
        table = serializers.FileField(
            help_text="CSV with the columns file, condition, well, replicate"
        )

    class AppliedOutput(serializers.Serializer[Any]):
        changed = serializers.IntegerField(help_text="images")
        problems = serializers.ListField(child=serializers.CharField())

    @extend_schema(request={"multipart/form-data": TableInput}, responses=AppliedOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Write a table of conditions, wells and replicates on the images it names."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        table: UploadedFile[bytes] = parsed(self.TableInput, request)["table"]
        applied = apply_details(by=user, dataset=dataset, table=table.read())
        return Response({"changed": applied.changed, "problems": applied.problems})


class FolderView(APIView):
    parser_classes = (JSONParser,)

    class FolderInput(serializers.Serializer[Any]):
        path = serializers.CharField(max_length=1000, help_text="below a folder of IMPORT_ROOTS")
        recursive = serializers.BooleanField(default=False)
        table = serializers.CharField(
            default="", allow_blank=True, help_text="the text of a CSV table of details"
        )

    class StartedOutput(serializers.Serializer[Any]):
        files = serializers.IntegerField()
        problems = serializers.ListField(child=serializers.CharField())

    class FolderListingOutput(serializers.Serializer[Any]):
        path = serializers.CharField()
        above = serializers.CharField(allow_null=True)
        folders = serializers.ListField(child=serializers.CharField(), help_text="whole paths")
        files = serializers.IntegerField(help_text="that may be images, in the folder itself")

    @extend_schema(
        parameters=[OpenApiParameter("path", str, description="empty: where one may begin")],
        responses=FolderListingOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Look into a folder of the server that images may be imported from (managers)."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        path = request.query_params.get("path", "")
        return Response(asdict(list_folder(by=user, dataset=dataset, path=path)))

    @extend_schema(request=FolderInput, responses={202: StartedOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Import a folder of the server. Each file is then listed under `uploads`."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = parsed(self.FolderInput, request)
        data["table"] = data["table"].encode() or None
        started = import_folder(by=user, dataset=dataset, **data)
        body = {"files": started.files, "problems": started.problems}
        return Response(body, status=status.HTTP_202_ACCEPTED)
