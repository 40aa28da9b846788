"""Answers over HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.base import APIView, Request, number_in_query, parsed, user_of
from annotations.api.cells import cells_field
from annotations.api.scope import image_of, structure_of
from annotations.models import Label, Role
from annotations.models.label import Answer
from annotations.services.access import require_role
from annotations.services.answers.labels import label_patches


class LabelsView(APIView):
    class LabelInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField()
        cells = cells_field()
        value = serializers.ChoiceField(
            choices=Answer.choices, allow_null=True, help_text="null takes the answer back."
        )

    class LabelOutput(serializers.ModelSerializer[Label]):
        annotator = serializers.CharField(source="annotator.username")

        class Meta:
            model = Label
            fields = ("row", "column", "structure", "value", "annotator", "updated_at")

    class ChangedOutput(serializers.Serializer[Any]):
        changed = serializers.IntegerField()

    @extend_schema(
        parameters=[
            OpenApiParameter("structure", int, description="Only answers about this structure."),
            OpenApiParameter("annotator", str, description="`all`: everybody's (managers)."),
        ],
        responses=LabelOutput(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Your answers on an image, or everybody's."""
        user = user_of(request)
        image = image_of(request, pk)
        labels = Label.objects.filter(image=image).select_related("annotator")
        if _everybody(request):
            require_role(user=user, project=image.dataset.project, role=Role.MANAGER)
        else:
            labels = labels.filter(annotator=user)
        if (structure := number_in_query(request, "structure")) is not None:
            labels = labels.filter(structure=structure)
        return Response(self.LabelOutput(labels, many=True).data)

    @extend_schema(request=LabelInput, responses=ChangedOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Answer for many patches at once. Sending the same twice changes nothing."""
        image = image_of(request, pk)
        data = parsed(self.LabelInput, request)
        changed = label_patches(
            by=user_of(request),
            image=image,
            structure=structure_of(request, data["structure"]),
            cells=[(row, column) for row, column in data["cells"]],
            value=Answer(data["value"]) if data["value"] else None,
        )
        return Response({"changed": changed})


def _everybody(request: Request) -> bool:
    annotator = request.query_params.get("annotator", "")
    if annotator not in ("", "all"):
        raise ValidationError({"annotator": ["Leave it out for your own answers, or write all."]})
    return annotator == "all"
