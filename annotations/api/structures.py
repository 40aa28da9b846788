"""Structures of a project over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, patched, user_of
from annotations.api.scope import project_of, structure_of
from annotations.models import Structure
from annotations.services import structures


class StructureInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    question = serializers.CharField(max_length=200, default="", allow_blank=True)
    colour = serializers.CharField(default="#e69f00", help_text="#rrggbb")
    description = serializers.CharField(default="", allow_blank=True)


class StructureOutput(serializers.ModelSerializer[Structure]):
    class Meta:
        model = Structure
        fields = ("id", "project", "name", "question", "colour", "description")


class StructuresView(APIView):
    @extend_schema(responses=StructureOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What people are asked about in this project."""
        project = project_of(request, pk)
        return Response(StructureOutput(project.structures.all(), many=True).data)

    @extend_schema(request=StructureInput, responses={201: StructureOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Add a structure."""
        project = project_of(request, pk)
        data = parsed(StructureInput, request)
        structure = structures.create_structure(by=user_of(request), project=project, **data)
        return Response(StructureOutput(structure).data, status=status.HTTP_201_CREATED)


class StructureView(APIView):
    @extend_schema(request=StructureInput, responses=StructureOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Rename, recolour or describe a structure."""
        structure = structure_of(request, pk)
        data = patched(StructureInput, request, structure)
        structure = structures.update_structure(by=user_of(request), structure=structure, **data)
        return Response(StructureOutput(structure).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a structure and every answer about it."""
        structure = structure_of(request, pk)
        structures.delete_structure(by=user_of(request), structure=structure)
        return Response(status=status.HTTP_204_NO_CONTENT)
