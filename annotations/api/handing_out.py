"""Asking for patches to answer, and giving them back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import dataset_of, structure_of
from annotations.services.handing_out import MOST_HANDED, Handed, give_back, hand_out
from annotations.services.patch_choice import Order


class PatchField(serializers.Serializer[Any]):
    image = serializers.IntegerField(min_value=0)
    row = serializers.IntegerField(min_value=0)
    column = serializers.IntegerField(min_value=0)


class NextView(APIView):
    class NextInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField()
        count = serializers.IntegerField(min_value=0, max_value=MOST_HANDED, default=50)
        order = serializers.ChoiceField(
            choices=[(order.value, order.value) for order in Order], default=Order.IMAGE.value
        )
        keep = PatchField(
            many=True,
            required=False,
            allow_null=True,
            help_text="Yours so far that you go on with; the others are given back.",
        )
        seed = serializers.IntegerField(
            required=False, allow_null=True, min_value=0, help_text="Of a random order."
        )

    class NextOutput(serializers.Serializer[Any]):
        class HandedPatch(PatchField):
            score = serializers.FloatField(
                allow_null=True, help_text="What a model expects; null in a blind project."
            )

        patches = HandedPatch(many=True)
        kept = PatchField(many=True)
        expires_at = serializers.DateTimeField()
        left = serializers.IntegerField(help_text="Open for you besides.")

    @extend_schema(request=NextInput, responses=NextOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Get patches that nobody else answers meanwhile; they are yours for 15 minutes.

        Answers that come later count all the same.
        """
        dataset = dataset_of(request, pk)
        data = parsed(self.NextInput, request)
        keep = data.get("keep")
        handed = hand_out(
            by=user_of(request),
            dataset=dataset,
            structure=structure_of(request, data["structure"]),
            count=data["count"],
            order=Order(data["order"]),
            keep=None if keep is None else [_cell(patch) for patch in keep],
            seed=data.get("seed"),
        )
        return Response(_shown(handed))


class ReleaseView(APIView):
    class ReleaseInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField()
        patches = PatchField(
            many=True, required=False, allow_null=True, help_text="Left out: all of yours."
        )

    class ReleasedOutput(serializers.Serializer[Any]):
        released = serializers.IntegerField()

    @extend_schema(request=ReleaseInput, responses=ReleasedOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Give patches back that you will not answer."""
        dataset = dataset_of(request, pk)
        data = parsed(self.ReleaseInput, request)
        patches = data.get("patches")
        released = give_back(
            by=user_of(request),
            dataset=dataset,
            structure=structure_of(request, data["structure"]),
            patches=None if patches is None else [_cell(patch) for patch in patches],
        )
        return Response({"released": released})


def _cell(patch: dict[str, Any]) -> tuple[int, int, int]:
    return patch["image"], patch["row"], patch["column"]


def _shown(handed: Handed) -> dict[str, Any]:
    return {
        "patches": [
            {"image": image, "row": row, "column": column, "score": score}
            for (image, row, column), score in handed.patches
        ],
        "kept": [
            {"image": image, "row": row, "column": column} for image, row, column in handed.kept
        ],
        "expires_at": handed.expires_at.isoformat(),
        "left": handed.left,
    }
