"""Many files at once over HTTP: asked about before they are sent, and looked after."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import dataset_of
from annotations.api.uploads import UploadOutput
from annotations.services.images.sending import (
    MOST_FILES,
    Announced,
    arriving,
    dismiss_refused,
    plan_uploads,
)


class PlanView(APIView):
    parser_classes = (JSONParser,)

    class SendPlanInput(serializers.Serializer[Any]):
        files = serializers.ListField(
            child=serializers.ListField(min_length=3, max_length=3),
            max_length=MOST_FILES,
            help_text="[name, bytes, ms since 1970 of the last change] of each",
        )

        def validate_files(self, files: list[list[Any]]) -> list[Announced]:
            return [_announced(*file) for file in files]

    class SendPlanOutput(serializers.Serializer[Any]):
        here = serializers.ListField(
            child=serializers.IntegerField(), help_text="places of files that need not be sent"
        )
        refusal = serializers.CharField(help_text="why the others have no room; empty: they have")

    @extend_schema(request=SendPlanInput, responses=SendPlanOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Ask about files before they are sent. Nothing is taken by it."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        plan = plan_uploads(by=user, dataset=dataset, **parsed(self.SendPlanInput, request))
        return Response(self.SendPlanOutput(plan).data)


class ArrivingView(APIView):
    class ArrivingOutput(serializers.Serializer[Any]):
        counts = serializers.DictField(child=serializers.IntegerField(), help_text="by state")
        uploads = UploadOutput(many=True, help_text="the first of them, those refused before all")

    class DismissedOutput(serializers.Serializer[Any]):
        dismissed = serializers.IntegerField()

    @extend_schema(responses=ArrivingOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How many of your files are on their way or refused, and the first 200 of them."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        return Response(self.ArrivingOutput(arriving(dataset=dataset, user=user)).data)

    @extend_schema(responses=DismissedOutput)
    def delete(self, request: Request, pk: int) -> Response:
        """Take all of your refused files off the list."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        return Response({"dismissed": dismiss_refused(by=user, dataset=dataset)})


def _announced(name: Any, size: Any, modified: Any) -> Announced:
    numbers = (size, modified)
    if not isinstance(name, str) or any(type(number) is not int for number in numbers):
        raise serializers.ValidationError("Each file is [name, bytes, ms since 1970].")
    return Announced(name=name, size=max(0, size), modified=modified)
