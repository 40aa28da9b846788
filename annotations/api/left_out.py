"""Patches that nobody is asked about."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.cells import CellsOutput, cells_field, cells_of
from annotations.api.scope import image_of
from annotations.models import LeftOut
from annotations.services.left_out import Cell, ask_again, leave_out


class LeftOutView(APIView):
    class CellsInput(serializers.Serializer[Any]):
        cells = cells_field()

    class LeftOutOutput(CellsOutput):
        pass

    class LeftOutChanged(serializers.Serializer[Any]):
        changed = serializers.IntegerField()

    @extend_schema(responses=LeftOutOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The patches that nobody is asked about."""
        image = image_of(request, pk)
        cells = LeftOut.objects.filter(image=image).values_list("row", "column")
        return Response(self.LeftOutOutput(cells_of(image, list(cells))).data)

    @extend_schema(request=CellsInput, responses=LeftOutChanged)
    def post(self, request: Request, pk: int) -> Response:
        """Ask nobody about these patches any more. Sending the same twice changes nothing."""
        image, cells = image_of(request, pk), self._cells(request)
        changed = leave_out(by=user_of(request), image=image, cells=cells)
        return Response({"changed": changed})

    @extend_schema(
        request=None,
        responses=LeftOutChanged,
        description="Ask about these patches again: `{cells: [[row, column], …]}` as when leaving "
        "them out. Sending the same twice changes nothing.",
    )
    def delete(self, request: Request, pk: int) -> Response:
        image, cells = image_of(request, pk), self._cells(request)
        changed = ask_again(by=user_of(request), image=image, cells=cells)
        return Response({"changed": changed})

    def _cells(self, request: Request) -> list[Cell]:
        return [(row, column) for row, column in parsed(self.CellsInput, request)["cells"]]
