"""Changing the patch grid of a data set over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.errands import ErrandOutput, accepted
from annotations.api.scope import dataset_of
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE
from annotations.services.asking import ask_for_grid, ask_for_grid_plan


class GridView(APIView):
    class GridInput(serializers.Serializer[Any]):
        patch_size = serializers.IntegerField(
            min_value=MIN_PATCH_SIZE, max_value=MAX_PATCH_SIZE, help_text="px"
        )
        overlap = serializers.IntegerField(
            min_value=0, max_value=MAX_PATCH_SIZE // 2, default=0, help_text="px"
        )
        transfer = serializers.BooleanField(
            default=False, help_text="Carry over the answers that follow on the new patches."
        )
        dry_run = serializers.BooleanField(
            default=False, help_text="Only say what would become of the answers."
        )

    @extend_schema(request=GridInput, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Put another patch grid over the images; no answer is lost.

        The errand's report says how many `answers` were on the grid of before, which are kept, how
        many given on the new grid at an earlier time are `restored`, and how many are `carried`
        over. While it runs, answers on the data set are refused with 409.
        """
        user = user_of(request)
        dataset = dataset_of(request, pk)
        data = parsed(self.GridInput, request)
        ask = ask_for_grid_plan if data.pop("dry_run") else ask_for_grid
        return accepted(ask(by=user, dataset=dataset, **data))
