"""Where masks are cut and how their objects are told apart, over HTTP."""

import math
from typing import Any

import numpy as np
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations import storage
from annotations.api.base import APIView, Request, parsed, user_of
from annotations.imaging.store.read import open_store
from annotations.models import Structure
from inference.api.runs import RunOutput, started
from inference.api.scope import model_of
from inference.api.segmentations import visible_segmentation
from inference.models import Segmentation
from inference.models.separated import Separated
from inference.objects.choice import MIN_OBJECT_PX, Senseless, Separation
from inference.objects.histogram import cut_of
from inference.services import runs

_BAND_PX = 1024


class ThresholdView(APIView):
    class ThresholdInput(serializers.Serializer[Any]):
        threshold = serializers.FloatField(min_value=0, max_value=1)

    @extend_schema(request=ThresholdInput, responses={201: RunOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Make mask and objects anew with another threshold."""
        user = user_of(request)
        threshold = parsed(self.ThresholdInput, request)["threshold"]
        segmentation = visible_segmentation(user, pk)
        run = runs.apply_threshold(by=user, segmentation=segmentation, threshold=threshold)
        return started(run)


class ThresholdsView(APIView):
    class ThresholdsOutput(serializers.Serializer[Any]):
        fixed = serializers.FloatField()
        otsu = serializers.FloatField()
        triangle = serializers.FloatField()
        percentile = serializers.FloatField()

    @extend_schema(
        parameters=[
            OpenApiParameter("share", float, description="Of the percentile, 0 to 100. Default: 90")
        ],
        responses=ThresholdsOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The thresholds that this map suggests; nothing is changed."""
        share = _share(request)
        segmentation = visible_segmentation(user_of(request), pk)
        if not storage.exists(segmentation.map):
            raise Http404("The map is gone. Segment the image again.")
        counts = _histogram(segmentation)
        return Response(
            {
                "fixed": 0.5,
                "otsu": cut_of(counts, "otsu"),
                "triangle": cut_of(counts, "triangle"),
                "percentile": cut_of(counts, "percentile", share=share),
            }
        )


def _share(request: Request) -> float:
    given = request.query_params.get("share", "90")
    try:
        share = float(given)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 100:
        raise ValidationError({"share": ["A number from 0 to 100 is needed here."]})
    return share


def _histogram(segmentation: Segmentation) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Pixels of the map per level, (256,); read in bands, so memory does not grow with it."""
    store, image = open_store(storage.place(segmentation.map)), segmentation.image
    counts = np.zeros(256, dtype=np.int64)
    for top in range(0, image.height, _BAND_PX):
        band = store.read(top, min(top + _BAND_PX, image.height), 0, image.width)
        counts += np.bincount(band.ravel(), minlength=256)
    return counts


class SeparationView(APIView):
    class SeparationInput(serializers.Serializer[Any]):
        method = serializers.ChoiceField(choices=Separated.Method.choices)
        size = serializers.FloatField(
            default=None,
            allow_null=True,
            help_text="Least distance between two middles (distance) or least depth of a neck "
            "(h-maxima). Default: by the mask.",
        )
        unit = serializers.ChoiceField(
            choices=Separated.Unit.choices,
            default="px",
            help_text="um: the size is in µm, the smallest object in µm².",
        )
        smallest = serializers.FloatField(
            default=None,
            allow_null=True,
            help_text="Area of the smallest object that counts, with every method, in px or µm². "
            f"Default: {MIN_OBJECT_PX} px.",
        )

    @extend_schema(request=SeparationInput, responses={201: RunOutput})
    def post(self, request: Request, pk: int, structure: int) -> Response:
        """Choose how touching objects are told apart and how small one may be, and count all
        results of a model anew."""
        user = user_of(request)
        model = model_of(request, pk)
        found = get_object_or_404(Structure.objects.filter(outputs__model=model), pk=structure)
        try:
            separation = Separation(**parsed(self.SeparationInput, request))
        except Senseless as error:
            raise ValidationError({error.field: [str(error)]}) from error
        run = runs.apply_separation(by=user, model=model, structure=found, separation=separation)
        return started(run)
