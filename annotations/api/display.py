"""How the person who asks looks at a data set's images."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
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
    channels = ChannelSettings(many=True)


class DisplayView(APIView):
    @extend_schema(responses=Display)
    def get(self, request: Request, pk: int) -> Response:
        """Your channels, colours and contrast in this data set; no channel: the defaults."""
        channels = display.display_of(by=user_of(request), dataset=dataset_of(request, pk))
        return Response({"channels": channels})

    @extend_schema(request=Display, responses=Display)
    def put(self, request: Request, pk: int) -> Response:
        """Keep them, for all images of the data set and for you alone."""
        dataset = dataset_of(request, pk)
        given = parsed(Display, request)["channels"]
        kept = display.save_display(by=user_of(request), dataset=dataset, channels=given)
        return Response({"channels": kept})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Go back to the defaults."""
        display.forget_display(by=user_of(request), dataset=dataset_of(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)
