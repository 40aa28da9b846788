"""Segmentations over HTTP: maps, patch scores, objects, thresholds."""

import math
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow.parquet as pq
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, FileView, Request, number_in_query, user_of
from annotations.api.files import store_file
from annotations.api.scope import image_of
from annotations.models import Image, User
from inference.api.models import StructureSummary
from inference.models import ModelVersion, ReferenceScore, Segmentation
from inference.models.separated import Separated
from inference.objects.choice import MIN_OBJECT_PX


class SeparationField(serializers.Serializer[Any]):
    """What counts as an object. The size is a distance or a depth, null is by the mask; the
    smallest is an area, null is the `default_smallest_px` of the result."""

    method = serializers.ChoiceField(choices=Separated.Method.choices, source="separation_method")
    size = serializers.FloatField(source="separation_size", allow_null=True)
    unit = serializers.ChoiceField(choices=Separated.Unit.choices, source="separation_unit")
    smallest = serializers.FloatField(source="separation_smallest", allow_null=True)


class ReferenceScoreOutput(serializers.ModelSerializer[ReferenceScore]):
    """Against a mask or shapes from elsewhere; null where neither side holds anything."""

    class Meta:
        model = ReferenceScore
        fields = ("pixel_f1", "iou", "object_f1", "count_error")


class SegmentationOutput(serializers.ModelSerializer[Segmentation]):
    structure = StructureSummary()
    model_name = serializers.CharField(source="model.__str__")
    default_threshold = serializers.SerializerMethodField()
    default_smallest_px = serializers.SerializerMethodField()
    separation = SeparationField(source="*")
    area_fraction = serializers.FloatField()
    area_um2 = serializers.FloatField(allow_null=True)
    against_reference = serializers.SerializerMethodField()
    map = serializers.SerializerMethodField()
    patches = serializers.SerializerMethodField()
    objects = serializers.SerializerMethodField()

    class Meta:
        model = Segmentation
        fields = (
            "id",
            "image",
            "model",
            "model_name",
            "structure",
            "threshold",
            "default_threshold",
            "default_smallest_px",
            "separation",
            "object_count",
            "area_px",
            "area_fraction",
            "area_um2",
            "against_reference",
            "map",
            "patches",
            "objects",
            "created_at",
            "updated_at",
        )

    def get_default_threshold(self, segmentation: Segmentation) -> float:
        outputs = segmentation.model.outputs.all()
        return next(
            output.threshold
            for output in outputs
            if output.structure_id == segmentation.structure_id
        )

    def get_default_smallest_px(self, _: Segmentation) -> int:
        return MIN_OBJECT_PX

    @extend_schema_field(ReferenceScoreOutput(allow_null=True))
    def get_against_reference(self, segmentation: Segmentation) -> dict[str, Any] | None:
        """Of the rows that `SegmentationsView` brings along."""
        score = getattr(segmentation, "reference_score", None)
        return ReferenceScoreOutput(score).data if score else None

    def get_map(self, segmentation: Segmentation) -> str:
        return reverse("api-map-root", args=[segmentation.pk, segmentation.key])

    def get_patches(self, segmentation: Segmentation) -> str:
        return reverse("api-patch-scores", args=[segmentation.pk])

    def get_objects(self, segmentation: Segmentation) -> str:
        return reverse("api-objects", args=[segmentation.pk])


def visible_segmentation(user: User, pk: int) -> Segmentation:
    rows = Segmentation.objects.visible_to(user)
    return get_object_or_404(rows.select_related("image__dataset__project", "model"), pk=pk)


class SegmentationsView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("model", int, description="Default: the newest.")],
        responses=SegmentationOutput(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What a model found in an image, one entry per structure."""
        image = image_of(request, pk)
        rows = image.segmentations.select_related("structure", "model", "image")
        rows = rows.prefetch_related(
            "model__outputs", Prefetch("reference_score", ReferenceScore.objects.current())
        )
        return Response(
            SegmentationOutput(rows.filter(model=_model(request, image)), many=True).data
        )


def _model(request: Request, image: Image) -> int | None:
    """The model asked for, or the newest that has segmented the image."""
    if (asked := number_in_query(request, "model")) is not None:
        return asked
    models = ModelVersion.objects.filter(segmentations__image=image).order_by("-number")
    return models.values_list("pk", flat=True).first()


class MapView(FileView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(
        self, request: Request, pk: int, version: UUID, key: str = "zarr.json"
    ) -> HttpResponse | FileResponse:
        """A key of the map's OME-Zarr store: one uint8 channel, 0 to 255 for 0 to 1."""
        segmentation = visible_segmentation(user_of(request), pk)
        if segmentation.key != version:
            raise Http404("This map has been replaced. Load the page again.")
        return store_file(request, segmentation.map, key)


@extend_schema_view(get=extend_schema(exclude=True))
class MapRootView(MapView):
    """The address that OME-Zarr readers are given; they add the keys themselves."""


class PatchScoresView(APIView):
    class PatchScoresOutput(serializers.Serializer[Any]):
        rows = serializers.IntegerField()
        columns = serializers.IntegerField()
        patch_size = serializers.IntegerField(help_text="px")
        overlap = serializers.IntegerField(help_text="px, of neighbouring patches")
        decision = serializers.FloatField(help_text="From this score on, a patch is a yes.")
        present = serializers.BooleanField(help_text="Whether any patch of the image is a yes.")
        scores = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))

    @extend_schema(responses=PatchScoresOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The classifier's probability for each patch, and from where on it means yes."""
        segmentation = visible_segmentation(user_of(request), pk)
        if not segmentation.patch_scores.is_file():
            raise Http404("The patch scores are gone. Segment the image again.")
        scores = np.load(segmentation.patch_scores, allow_pickle=False)
        rows, columns = scores.shape
        values = np.round(scores.astype(float), 4).tolist()
        output = segmentation.model.outputs.get(structure=segmentation.structure_id)
        found = {
            "rows": rows,
            "columns": columns,
            "patch_size": segmentation.patch_size,
            "overlap": segmentation.overlap,
            "decision": output.decision,
            "present": bool((scores >= output.decision).any()),
            "scores": values,
        }
        return Response(found)


class ObjectsView(APIView):
    class ObjectsOutput(serializers.Serializer[Any]):
        columns = serializers.ListField(child=serializers.CharField())
        rows = serializers.ListField(child=serializers.ListField())

    @extend_schema(responses=ObjectsOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The measured objects."""
        segmentation = visible_segmentation(user_of(request), pk)
        if not segmentation.objects_table.is_file():
            raise Http404("The objects are gone. Segment the image again.")
        table = pq.read_table(segmentation.objects_table)
        columns = [[_json(value) for value in column.to_pylist()] for column in table.columns]
        return Response({"columns": table.column_names, "rows": list(zip(*columns, strict=True))})


def _json(value: Any) -> Any:
    """JSON knows no NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
