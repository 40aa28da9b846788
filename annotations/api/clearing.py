"""Empty patches of a whole data set: what was found, answering or leaving them out, and undo."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, queried, user_of
from annotations.api.errands import ErrandOutput, accepted, visible_errand
from annotations.api.image_output import ImageOutput
from annotations.api.scope import dataset_of, structure_of
from annotations.models import Dataset, Structure
from annotations.services.asking import ask_for_empties, ask_to_clear, ask_to_take_back
from annotations.services.empty_overview import empties_overview

MOST = 200


class EmptiesInput(serializers.Serializer[Any]):
    structure = serializers.IntegerField(required=False, help_text="what `open` is about")
    offset = serializers.IntegerField(default=0, min_value=0)
    limit = serializers.IntegerField(default=24, min_value=1, max_value=MOST)


class EmptiesOutput(serializers.Serializer[Any]):
    class EmptiesOfOutput(serializers.Serializer[Any]):
        image = ImageOutput()
        empty = serializers.IntegerField(allow_null=True, help_text="null: nobody has looked yet")
        open = serializers.IntegerField(
            allow_null=True,
            help_text="of these, asked about and not answered: by you about the structure, "
            "or, without one, by anybody",
        )

    images = EmptiesOfOutput(many=True)
    found = serializers.IntegerField(help_text="images that are ready, on all pages")
    looked = serializers.IntegerField(help_text="images in which somebody has looked")


class DatasetEmptyView(APIView):
    @extend_schema(parameters=[EmptiesInput], responses=EmptiesOutput)
    def get(self, request: Request, pk: int) -> Response:
        """A page of the images by name, with what was found in each."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = queried(EmptiesInput, request)
        structure = _structure(request, dataset, data.pop("structure", None))
        found = empties_overview(by=user, dataset=dataset, structure=structure, **data)
        return Response(EmptiesOutput(found).data)

    @extend_schema(request=None, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Have the empty patches of all images of a data set found.

        The errand's report has the number of `images`, of their `patches`, how many are `empty`,
        and `problems` with single images.
        """
        return accepted(ask_for_empties(by=user_of(request), dataset=dataset_of(request, pk)))


class ClearView(APIView):
    class ClearInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField(
            allow_null=True, help_text="Answer with no about it; null leaves the patches out."
        )
        passed_over = serializers.ListField(
            child=serializers.IntegerField(), default=list, help_text="Images to leave as they are."
        )

    @extend_schema(request=ClearInput, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Answer the empty patches that were found with no, or leave them out.

        The errand's report has the number of `images` and `patches`. It goes on by steps: what was
        done when it is cancelled stays, and can be taken back (`errands/{id}/undo/`).
        """
        dataset = dataset_of(request, pk)
        data = parsed(self.ClearInput, request)
        data["structure"] = _structure(request, dataset, data["structure"])
        return accepted(ask_to_clear(by=user_of(request), dataset=dataset, **data))


class ErrandUndoView(APIView):
    @extend_schema(request=None, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Take back what was answered or left out by `datasets/{id}/empty/clear/`."""
        user = user_of(request)
        return accepted(ask_to_take_back(by=user, errand=visible_errand(user, pk)))


def _structure(request: Request, dataset: Dataset, key: int | None) -> Structure | None:
    return None if key is None else structure_of(request, key, dataset.project)
