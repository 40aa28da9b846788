"""Taking in what exists: tables of answers, masks and outlines."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.errands import ErrandOutput, accepted
from annotations.api.scope import dataset_of, image_of, structure_of
from annotations.models import Reference
from annotations.services.asking import ask_for_mask, ask_for_table
from annotations.services.existing.references import delete_reference


class LabelTableView(APIView):
    parser_classes = (MultiPartParser,)

    class LabelTableInput(serializers.Serializer[Any]):
        file = serializers.FileField(allow_empty_file=True, max_length=1000)
        annotators = serializers.BooleanField(
            default=False, help_text="Whether answers are of those the table names (managers)."
        )
        dry_run = serializers.BooleanField(default=False, help_text="Only say what would happen.")

    @extend_schema(request={"multipart/form-data": LabelTableInput}, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Take in answers from a CSV: image, row, column, structure, value[, annotator].

        The errand's report has `lines`, `answers`, how many `changed` (new, or other than before),
        `refused` (lines that cannot be taken), `values`, and the first `problems` by line.
        """
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = parsed(self.LabelTableInput, request)
        file: UploadedFile[bytes] = data.pop("file")
        name = file.name or ""
        return accepted(ask_for_table(by=user, dataset=dataset, name=name, content=file, **data))


class MasksView(APIView):
    parser_classes = (MultiPartParser,)

    class MaskInput(serializers.Serializer[Any]):
        file = serializers.FileField(allow_empty_file=True, max_length=1000)
        structure = serializers.IntegerField()
        answers = serializers.BooleanField(
            default=False, help_text="Answer every patch by the 2 % rule, as yourself."
        )
        reference = serializers.BooleanField(
            default=False, help_text="Keep the objects to compare results with (managers)."
        )
        dry_run = serializers.BooleanField(default=False, help_text="Only say what would happen.")

    @extend_schema(request={"multipart/form-data": MaskInput}, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Take in one mask, GeoJSON of QuPath or ROI file of ImageJ, named like its image.

        The errand's report has `image`, `image_name`, `objects`, `area_px`, how many patches are
        `yes` and `no`, how many answers `changed`, whether a reference is replaced (`replaces`),
        and what was `passed_over`.
        """
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = parsed(self.MaskInput, request)
        file: UploadedFile[bytes] = data.pop("file")
        structure = structure_of(request, data.pop("structure"))
        asked = ask_for_mask(
            by=user,
            dataset=dataset,
            structure=structure,
            name=file.name or "",
            content=file,
            **data,
        )
        return accepted(asked)


class ReferenceOutput(serializers.ModelSerializer[Reference]):
    class Meta:
        model = Reference
        fields = (
            "id",
            "image",
            "structure",
            "origin",
            "name",
            "object_count",
            "area_px",
            "created_at",
        )


class ReferencesView(APIView):
    @extend_schema(responses=ReferenceOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What the results of an image are compared with."""
        image = image_of(request, pk)
        return Response(ReferenceOutput(image.references.all(), many=True).data)


class ReferenceView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a reference; answers that came with it stay."""
        references = Reference.objects.visible_to(user_of(request))
        reference = get_object_or_404(references.select_related("image__dataset__project"), pk=pk)
        delete_reference(by=user_of(request), reference=reference)
        return Response(status=status.HTTP_204_NO_CONTENT)
