"""What a model expects of the patches of an image, and which of them look alike."""

from typing import Any

import numpy as np
from drf_spectacular.utils import OpenApiParameter, extend_schema
from numpy.typing import NDArray
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.api.scope import image_of, structure_of
from annotations.models import Image
from annotations.services.patches.of_image import image_likeness, image_scores


class PatchNumbers(serializers.Serializer[Any]):
    patch_size = serializers.IntegerField(help_text="px")
    overlap = serializers.IntegerField(help_text="px")
    values = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="One per patch, row by row."
    )


class _StructureQuery(serializers.Serializer[Any]):
    structure = serializers.IntegerField(min_value=1)


class _CellQuery(serializers.Serializer[Any]):
    row = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    column = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class ImageScoresView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("structure", int, required=True)], responses=PatchNumbers
    )
    def get(self, request: Request, pk: int) -> Response:
        """How probable a yes is by the newest model; null where none has seen this grid."""
        image = image_of(request, pk)
        given = _StructureQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        structure = structure_of(request, given.validated_data["structure"])
        return _numbers(image, image_scores(by=user_of(request), image=image, structure=structure))


class ImageLikenessView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("row", int, required=True),
            OpenApiParameter("column", int, required=True),
        ],
        responses=PatchNumbers,
    )
    def get(self, request: Request, pk: int) -> Response:
        """How little each patch looks like the given one: 0 is itself, 1 the middle of them."""
        image = image_of(request, pk)
        given = _CellQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        found = image_likeness(by=user_of(request), image=image, **given.validated_data)
        return _numbers(image, found)


def _numbers(image: Image, values: NDArray[np.float32] | None) -> Response:
    # Plain numbers already: a serializer would only take time over them.
    rounded = None if values is None else [round(value, 3) for value in values.ravel().tolist()]
    grid = image.grid
    return Response({"patch_size": grid.patch_size, "overlap": grid.overlap, "values": rounded})
