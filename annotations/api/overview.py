"""A page of a data set's images over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, queried, user_of
from annotations.api.image_output import ImageOutput
from annotations.api.scope import dataset_of
from annotations.details import FIELDS, LENGTHS
from annotations.models import Image
from annotations.services.overview import Wanted, dataset_overview

MOST = 200


class OverviewInput(serializers.Serializer[Any]):
    name = serializers.CharField(
        default="", allow_blank=True, max_length=255, help_text="a part of it"
    )
    condition = serializers.CharField(
        required=False, allow_blank=True, max_length=LENGTHS["condition"], help_text="empty: none"
    )
    well = serializers.CharField(required=False, allow_blank=True, max_length=LENGTHS["well"])
    replicate = serializers.CharField(
        required=False, allow_blank=True, max_length=LENGTHS["replicate"]
    )
    offset = serializers.IntegerField(default=0, min_value=0, max_value=10_000_000)
    limit = serializers.IntegerField(default=60, min_value=1, max_value=MOST)


class OverviewImage(ImageOutput):
    share = serializers.SerializerMethodField(help_text="of its patches that you answered, 0 to 1")

    class Meta(ImageOutput.Meta):
        fields = (*ImageOutput.Meta.fields, "share")

    def get_share(self, image: Image) -> float:
        shares: dict[int, float] = self.context["shares"]
        return shares.get(image.pk, 0.0)


class OverviewOutput(serializers.Serializer[Any]):
    images = OverviewImage(many=True)
    found = serializers.IntegerField(help_text="images that are meant, on all pages")
    states = serializers.DictField(child=serializers.IntegerField())
    details = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    patches = serializers.IntegerField()
    first_ready = serializers.IntegerField(allow_null=True)
    pages = serializers.ListField(
        child=serializers.IntegerField(), help_text="of files that do not say what theirs are"
    )


class OverviewView(APIView):
    @extend_schema(parameters=[OverviewInput], responses=OverviewOutput)
    def get(self, request: Request, pk: int) -> Response:
        """A page of the images by name, and how many there are of each state and detail."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = queried(OverviewInput, request)
        details = {name: data.pop(name) for name in FIELDS if name in data}
        overview = dataset_overview(
            dataset=dataset, user=user, wanted=Wanted(**data, details=details)
        )
        return Response(OverviewOutput(overview, context={"shares": overview.shares}).data)
