"""Changing the patch grid of a data set over HTTP."""

from dataclasses import asdict
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.models import Dataset
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE
from annotations.services.grids import change_grid, plan_grid


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

    class GridOutput(serializers.Serializer[Any]):
        answers = serializers.IntegerField(help_text="On the grid of before; they are kept.")
        restored = serializers.IntegerField(help_text="Given on the new grid at an earlier time.")
        carried = serializers.IntegerField(help_text="Carried over.")

    @extend_schema(request=GridInput, responses=GridOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Put another patch grid over the images; no answer is lost."""
        user = user_of(request)
        dataset = get_object_or_404(Dataset.objects.visible_to(user), pk=pk)
        data = parsed(self.GridInput, request)
        service = plan_grid if data.pop("dry_run") else change_grid
        return Response(asdict(service(by=user, dataset=dataset, **data)))
