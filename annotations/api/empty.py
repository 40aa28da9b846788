"""Patches of an image that hold nothing but background."""

import numpy as np
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.api.cells import CellsOutput, cells_of
from annotations.api.errands import ErrandOutput, accepted
from annotations.api.scope import image_of
from annotations.services.asking import ask_for_empties
from annotations.services.empty import known_empty


class EmptyView(APIView):
    class EmptyOutput(CellsOutput):
        pass

    @extend_schema(responses=EmptyOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The patches that show nothing but background; 404 where nobody has looked yet (POST)."""
        image = image_of(request, pk)
        found = known_empty(image=image)
        if found is None:
            raise NotFound("Nobody has looked for empty patches yet. Ask for it by POST.")
        return Response(cells_of(image, np.argwhere(found).tolist()))

    @extend_schema(request=None, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Have the empty patches of an image found; then GET has them."""
        image = image_of(request, pk)
        errand = ask_for_empties(by=user_of(request), dataset=image.dataset, images=[image])
        return accepted(errand)
