"""Patches of an image that hold nothing but background."""

from typing import Any

import numpy as np
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.api.errands import ErrandOutput, accepted
from annotations.models import Image
from annotations.services.asking import ask_for_empties
from annotations.services.empty import known_empty


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
        """The patches that show nothing but background; 404 where nobody has looked yet (POST)."""
        image = _image(request, pk)
        found = known_empty(image=image)
        if found is None:
            raise NotFound("Nobody has looked for empty patches yet. Ask for it by POST.")
        cells, grid = np.argwhere(found).tolist(), image.grid
        return Response({"patch_size": grid.patch_size, "overlap": grid.overlap, "cells": cells})

    @extend_schema(request=None, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Have the empty patches of an image found; then GET has them."""
        image = _image(request, pk)
        errand = ask_for_empties(by=user_of(request), dataset=image.dataset, images=[image])
        return accepted(errand)


def _image(request: Request, pk: int) -> Image:
    images = Image.objects.visible_to(user_of(request)).select_related("dataset__project")
    return get_object_or_404(images, pk=pk)
