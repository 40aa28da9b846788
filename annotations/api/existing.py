"""Taking in what exists: tables of answers, masks and outlines."""

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.models import Dataset, Image, Reference, Structure
from annotations.services.label_import import take_table
from annotations.services.mask_import import take_mask
from annotations.services.receiving import clean_file_name
from annotations.services.references import delete_reference


class LabelTableView(APIView):
    parser_classes = (MultiPartParser,)

    class LabelTableInput(serializers.Serializer[Any]):
        file = serializers.FileField(allow_empty_file=True, max_length=1000)
        annotators = serializers.BooleanField(
            default=False, help_text="Whether answers are of those the table names (managers)."
        )
        dry_run = serializers.BooleanField(default=False, help_text="Only say what would happen.")

    class TableOutput(serializers.Serializer[Any]):
        lines = serializers.IntegerField()
        answers = serializers.IntegerField()
        changed = serializers.IntegerField(help_text="New, or other than before.")
        refused = serializers.IntegerField(help_text="Lines that cannot be taken.")
        values = serializers.DictField(child=serializers.IntegerField())
        problems = serializers.ListField(child=serializers.CharField())

    @extend_schema(request={"multipart/form-data": LabelTableInput}, responses=TableOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Take in answers from a CSV: image, row, column, structure, value[, annotator]."""
        user = user_of(request)
        dataset = get_object_or_404(Dataset.objects.visible_to(user), pk=pk)
        data = parsed(self.LabelTableInput, request)
        file: UploadedFile[bytes] = data.pop("file")
        taken = take_table(by=user, dataset=dataset, content=file.read(), **data)
        return Response(asdict(taken))


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

    class MaskOutput(serializers.Serializer[Any]):
        image = serializers.IntegerField()
        image_name = serializers.CharField()
        objects = serializers.IntegerField()
        area_px = serializers.IntegerField()
        yes = serializers.IntegerField(help_text="Patches.")
        no = serializers.IntegerField(help_text="Patches.")
        changed = serializers.IntegerField(help_text="Answers: new, or other than before.")
        replaces = serializers.BooleanField(help_text="Whether a reference is replaced.")
        passed_over = serializers.ListField(child=serializers.CharField())

    @extend_schema(request={"multipart/form-data": MaskInput}, responses=MaskOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Take in one mask, GeoJSON of QuPath or ROI file of ImageJ, named like its image."""
        user = user_of(request)
        dataset = get_object_or_404(Dataset.objects.visible_to(user), pk=pk)
        data = parsed(self.MaskInput, request)
        file: UploadedFile[bytes] = data.pop("file")
        structures = Structure.objects.visible_to(user)
        structure = get_object_or_404(structures, pk=data.pop("structure"))
        name = clean_file_name(file.name or "")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            with path.open("wb") as copy:
                copy.writelines(file.chunks())
            taken = take_mask(
                by=user, dataset=dataset, structure=structure, name=name, path=path, **data
            )
        return Response(asdict(taken))


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
        image = get_object_or_404(Image.objects.visible_to(user_of(request)), pk=pk)
        return Response(ReferenceOutput(image.references.all(), many=True).data)


class ReferenceView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a reference; answers that came with it stay."""
        references = Reference.objects.visible_to(user_of(request))
        reference = get_object_or_404(references.select_related("image__dataset__project"), pk=pk)
        delete_reference(by=user_of(request), reference=reference)
        return Response(status=status.HTTP_204_NO_CONTENT)
