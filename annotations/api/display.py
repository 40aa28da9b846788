"""How the person who asks looks at a data set's images."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import dataset_of
from annotations.services import display


class ChannelSettings(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True, trim_whitespace=False)
    colour = serializers.CharField(help_text="RRGGBB")
    visible = serializers.BooleanField()
    low = serializers.FloatField(help_text="drawn black, in the image's own values")
    high = serializers.FloatField(help_text="drawn in full colour")
    gamma = serializers.FloatField(help_text="1 is linear")


class Display(serializers.Serializer[Any]):
    channels = ChannelSettings(many=True, help_text="none: the defaults of each image")
    turn = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="counts your choices: one more than the last you have heard of; "
        "a choice that arrives after one of a later turn changes nothing",
    )


class DisplayView(APIView):
    @extend_schema(responses=Display)
    def get(self, request: Request, pk: int) -> Response:
        """Your channels, colours and contrast in this data set; no channel: the defaults."""
        own = display.display_of(by=user_of(request), dataset=dataset_of(request, pk))
        return Response(Display(own).data)

    @extend_schema(request=Display, responses=Display)
    def put(self, request: Request, pk: int) -> Response:
        """Keep them, for all images of the data set and for you alone; the answer: what is kept."""
        dataset = dataset_of(request, pk)
        kept = display.save_display(
            by=user_of(request), dataset=dataset, **parsed(Display, request)
        )
        return Response(Display(kept).data)
