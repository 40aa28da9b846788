"""Patches of an image that hold nothing but background."""

from typing import Any

import numpy as np
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.models import Image
from annotations.services.empty import find_empty


class EmptyView(APIView):
    class EmptyOutput(serializers.Serializer[Any]):
        patch_size = serializers.IntegerField(help_text="px")
        overlap = serializers.IntegerField(help_text="px")
        cells = serializers.ListField(
            child=serializers.ListField(child=serializers.IntegerField()),
            help_text="[row, column] of each patch.",
        )

    @extend_schema(responses=EmptyOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The patches that show nothing but background, to be answered at once or passed over."""
        images = Image.objects.visible_to(user_of(request)).select_related("dataset")
        image = get_object_or_404(images, pk=pk)
        cells = np.argwhere(find_empty(image=image)).tolist()
        grid = image.grid
        return Response({"patch_size": grid.patch_size, "overlap": grid.overlap, "cells": cells})
