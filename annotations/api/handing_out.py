"""Asking for patches to answer, and giving them back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.cells import PatchField, cell_of
from annotations.api.scope import dataset_of, structure_of
from annotations.models.plan import PAGE_NAME
from annotations.services.handing_out import LEASE, MOST_HANDED, Handed, give_back, hand_out
from annotations.services.patch_choice import Order


def _page(help_text: str) -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_null=True, max_length=PAGE_NAME, help_text=help_text
    )


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
        image = serializers.IntegerField(
            required=False, allow_null=True, min_value=0, help_text="Of this image alone."
        )
        condition = serializers.CharField(
            default="", allow_blank=True, max_length=120, help_text="Of images of this one alone."
        )
        page = _page(
            "Where you work, in a word of your own: `keep` says nothing of your other pages."
        )

    class NextOutput(serializers.Serializer[Any]):
        class HandedPatch(PatchField):
            score = serializers.FloatField(
                allow_null=True, help_text="What a model expects; null in a blind project."
            )

        patches = HandedPatch(many=True)
        kept = PatchField(many=True)
        expires_at = serializers.DateTimeField()
        lasts_s = serializers.FloatField(help_text="Seconds until then, for clocks that are off.")
        left = serializers.IntegerField(help_text="Open for you besides.")
        held = serializers.IntegerField(help_text="None left: patches that others have now.")
        held_until = serializers.DateTimeField(allow_null=True, help_text="At the latest.")
        share_done = serializers.BooleanField(help_text="You are asked for no more than these.")
        portion = serializers.IntegerField(
            allow_null=True,
            help_text="Least certain first: so many are worth having in hand, because answers "
            "change which comes next.",
        )

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
            keep=None if keep is None else [cell_of(patch) for patch in keep],
            seed=data.get("seed"),
            image=data.get("image"),
            condition=data["condition"],
            page=data.get("page"),
        )
        return Response(_shown(handed))


class ReleaseView(APIView):
    class ReleaseInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField()
        patches = PatchField(
            many=True, required=False, allow_null=True, help_text="Left out: all of yours."
        )
        page = _page("Those alone that you were handed with this `page`.")

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
            patches=None if patches is None else [cell_of(patch) for patch in patches],
            page=data.get("page"),
        )
        return Response({"released": released})


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
        "lasts_s": LEASE.total_seconds(),
        "left": handed.left,
        "held": handed.held,
        "held_until": handed.held_until and handed.held_until.isoformat(),
        "share_done": handed.share_done,
        "portion": handed.portion,
    }
