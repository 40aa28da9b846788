"""Patches as the gallery shows them: which, in which order, and their pictures."""

from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.base import APIView, FileView, Request, queried, user_of
from annotations.api.said import SaidOutput
from annotations.api.scope import dataset_of, structure_of
from annotations.services.patches.atlas import COLUMNS, draw_atlas, look_of
from annotations.services.patches.listing import list_patches
from annotations.services.patches.query import MOST, ORDERS, STATES, PatchQuery
from annotations.services.scores import scores_version
from annotations.services.sheets import Place

# The address names how it looks, so a picture of it never changes.
FOR_A_DAY = "private, max-age=86400"


def _place(given: str, field: str) -> Place:
    try:
        image, row, column = (int(part) for part in given.split(":"))
    except ValueError:
        raise ValidationError({field: ["Write image:row:column, three whole numbers."]}) from None
    if not (0 <= image < 2**63 and 0 <= row < 2**31 and 0 <= column < 2**31):
        raise ValidationError({field: ["These are no numbers of a patch."]})
    return Place(image, row, column)


class PatchQueryInput(serializers.Serializer[Any]):
    structure = serializers.IntegerField(min_value=1)
    state = serializers.ChoiceField(choices=STATES, default="all")
    image = serializers.IntegerField(min_value=1, required=False)
    condition = serializers.CharField(default="", allow_blank=True, max_length=120)
    min = serializers.FloatField(min_value=0, max_value=1, required=False)
    max = serializers.FloatField(min_value=0, max_value=1, required=False)
    order = serializers.ChoiceField(choices=ORDERS, default="image")
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    like = serializers.CharField(required=False, help_text="image:row:column")
    cursor = serializers.CharField(default="", allow_blank=True, max_length=60)
    limit = serializers.IntegerField(default=200, min_value=1, max_value=MOST)


class PatchesView(APIView):
    class PatchesOutput(serializers.Serializer[Any]):
        class Patch(serializers.Serializer[Any]):
            image = serializers.IntegerField()
            row = serializers.IntegerField()
            column = serializers.IntegerField()
            value = serializers.CharField(allow_null=True, help_text="Your own answer.")
            score = serializers.FloatField(
                allow_null=True, help_text="Null also where the project hides scores from you."
            )
            said = SaidOutput(
                many=True,
                allow_null=True,
                help_text="Order contradiction: who answered what, you included. Else null.",
            )
            left_out = serializers.BooleanField(help_text="Nobody is asked about it.")

        patches = Patch(many=True)
        next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")
        total = serializers.IntegerField()
        describing = serializers.IntegerField(
            help_text="Order similar: images that are not compared yet. Ask again."
        )

    @extend_schema(parameters=[PatchQueryInput], responses=PatchesOutput)
    def get(self, request: Request, pk: int) -> Response:
        """Patches of a data set by filter and order, with your own answers about a structure."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = queried(PatchQueryInput, request)
        query = PatchQuery(
            structure=structure_of(request, data["structure"]),
            state=data["state"],
            image=data.get("image"),
            condition=data["condition"],
            least=data.get("min"),
            most=data.get("max"),
            order=data["order"],
            seed=data["seed"],
            like=_place(data["like"], "like") if "like" in data else None,
            cursor=data["cursor"],
            limit=data["limit"],
        )
        # Plain numbers and words already: a serializer would only take time over them.
        return Response(dict(list_patches(by=user, dataset=dataset, query=query)))


class ScoresView(APIView):
    class ScoresInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField(min_value=1)

    class ScoresOutput(serializers.Serializer[Any]):
        version = serializers.CharField()

    @extend_schema(parameters=[ScoresInput], responses=ScoresOutput)
    def get(self, request: Request, pk: int) -> Response:
        """A word that changes when a model's scores do: whoever lists by score asks anew then."""
        dataset = dataset_of(request, pk)
        asked = queried(self.ScoresInput, request)["structure"]
        structure = structure_of(request, asked, dataset.project)
        return Response({"version": scores_version(dataset=dataset, structure=structure)})


class AtlasView(FileView):
    @extend_schema(
        parameters=[
            OpenApiParameter("cells", str, required=True, description="image:row:column,…"),
            OpenApiParameter("size", int, description="Side of a drawn patch in px; 64."),
            OpenApiParameter("look", str, description="What `look` answered: for caches."),
        ],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Patches side by side in one picture, 10 in a row, with your channels and contrast."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        look = quote_etag(f"{look_of(by=user, dataset=dataset)}")
        if look in parse_etags(request.headers.get("If-None-Match", "")):
            return HttpResponseNotModified(headers={"ETag": look})
        cells = request.query_params.get("cells", "")
        places = [_place(cell, "cells") for cell in cells.split(",") if cell]
        size = request.query_params.get("size", "64")
        if not (size.isascii() and size.isdecimal() and len(size) < 5):
            raise ValidationError({"size": ["A whole number is needed here."]})
        picture = draw_atlas(by=user, dataset=dataset, places=places, size=int(size))
        headers = {"ETag": look, "Cache-Control": FOR_A_DAY, "X-Columns": str(COLUMNS)}
        return HttpResponse(picture, content_type="image/webp", headers=headers)


class LookView(APIView):
    class LookOutput(serializers.Serializer[Any]):
        look = serializers.CharField()

    @extend_schema(responses=LookOutput)
    def get(self, request: Request, pk: int) -> Response:
        """A word that changes when your patches look different: part of an atlas's address."""
        user = user_of(request)
        return Response({"look": look_of(by=user, dataset=dataset_of(request, pk))})
