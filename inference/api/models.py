"""Model versions over HTTP."""

from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.api.scope import dataset_of
from annotations.models import Structure, User
from inference.models import ModelVersion


class StructureSummary(serializers.ModelSerializer[Structure]):
    class Meta:
        model = Structure
        fields = ("id", "name", "colour")


class ModelOutput(serializers.ModelSerializer[ModelVersion]):
    structures = serializers.SerializerMethodField()
    segmented_images = serializers.IntegerField()

    class Meta:
        model = ModelVersion
        fields = (
            "id",
            "dataset",
            "number",
            "name",
            "run",
            "structures",
            "scores",
            "segmented_images",
            "created_at",
        )

    @extend_schema_field(StructureSummary(many=True))
    def get_structures(self, model: ModelVersion) -> list[dict[str, Any]]:
        outputs = model.outputs.all()
        return [dict(StructureSummary(output.structure).data) for output in outputs]


def shown(user: User) -> QuerySet[Any]:
    counted = ModelVersion.objects.visible_to(user).annotate(
        segmented_images=Count("segmentations__image", distinct=True)
    )
    # Counting drops the order that the model names.
    return counted.order_by("-number").prefetch_related("outputs__structure")


class ModelsView(APIView):
    @extend_schema(responses=ModelOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The models of a data set, newest first."""
        user = user_of(request)
        dataset_of(request, pk)
        return Response(ModelOutput(shown(user).filter(dataset=pk), many=True).data)


class ModelView(APIView):
    @extend_schema(responses=ModelOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One model."""
        return Response(ModelOutput(get_object_or_404(shown(user_of(request)), pk=pk)).data)
