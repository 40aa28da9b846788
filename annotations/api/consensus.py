"""How a project makes one answer of many, and who sees what of others."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, patched, user_of
from annotations.api.scope import project_of
from annotations.models import Project, Role
from annotations.services.projects import set_consensus


class ConsensusView(APIView):
    class ConsensusInput(serializers.Serializer[Any]):
        blind = serializers.BooleanField(
            help_text="Annotators see neither others' answers nor what a model expects."
        )
        consensus = serializers.ChoiceField(choices=Project.Consensus.choices)
        consensus_probability = serializers.FloatField(
            help_text="More than 0.5, less than 1: for the rule posterior, and adaptive plans."
        )

    @extend_schema(responses=ConsensusInput)
    def get(self, request: Request, pk: int) -> Response:
        """The rule by which answers become one, and whether the project is blind."""
        return Response(self.ConsensusInput(project_of(request, pk)).data)

    @extend_schema(request=ConsensusInput, responses=ConsensusInput)
    def patch(self, request: Request, pk: int) -> Response:
        """Change it; nobody's answer changes."""
        project = project_of(request, pk, Role.MANAGER)
        data = patched(self.ConsensusInput, request, project)
        project = set_consensus(by=user_of(request), project=project, **data)
        return Response(self.ConsensusInput(project).data)
