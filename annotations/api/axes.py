"""Saying over HTTP what the pages of a file are."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.image_output import ImageOutput
from annotations.api.scope import dataset_of, image_of
from annotations.services.images.axes import MEANINGS, say_axes, say_axes_of_all


class AxesInput(serializers.Serializer[Any]):
    meaning = serializers.ChoiceField(
        choices=MEANINGS, help_text="Z: z planes, T: time points, C: channels"
    )


class AxesView(APIView):
    @extend_schema(request=AxesInput, responses=ImageOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Say what the pages of an image's file are, or correct it while nothing hangs on it."""
        image = image_of(request, pk)
        image = say_axes(by=user_of(request), image=image, **parsed(AxesInput, request))
        return Response(ImageOutput(image).data)


class DatasetAxesView(APIView):
    class AnsweredOutput(serializers.Serializer[Any]):
        answered = serializers.IntegerField()

    @extend_schema(request=AxesInput, responses=AnsweredOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Give one answer for all images of a data set that wait for it."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        answered = say_axes_of_all(by=user, dataset=dataset, **parsed(AxesInput, request))
        return Response({"answered": answered})
