"""Projects over HTTP."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, patched, user_of
from annotations.api.scope import project_of
from annotations.models import Membership, Project, Role, User
from annotations.services import projects


class ProjectInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(default="", allow_blank=True)


class ProjectOutput(serializers.ModelSerializer[Project]):
    role = serializers.ChoiceField(choices=Role.choices)
    dataset_count = serializers.IntegerField()
    member_count = serializers.IntegerField()

    class Meta:
        model = Project
        fields = (
            "id",
            "name",
            "description",
            "role",
            "dataset_count",
            "member_count",
            "created_at",
        )


def shown(user: User) -> Any:
    """The user's projects with their role and what the listing counts."""
    mine = Project.objects.filter(pk__in=Project.objects.visible_to(user).values("pk"))
    own = Membership.objects.filter(user=user, project=OuterRef("pk"))
    shown = mine.annotate(
        role=Subquery(own.values("role")[:1]),
        dataset_count=Count("datasets", distinct=True),
        member_count=Count("memberships", distinct=True),
    )
    # Counting drops the order that the model names.
    return shown.order_by("name", "pk")


class ProjectsView(APIView):
    @extend_schema(responses=ProjectOutput(many=True))
    def get(self, request: Request) -> Response:
        """The projects you are a member of."""
        return Response(ProjectOutput(shown(user_of(request)), many=True).data)

    @extend_schema(request=ProjectInput, responses={201: ProjectOutput})
    def post(self, request: Request) -> Response:
        """Make a project; you become its manager."""
        user = user_of(request)
        project = projects.create_project(by=user, **parsed(ProjectInput, request))
        data = ProjectOutput(shown(user).get(pk=project.pk)).data
        return Response(data, status=status.HTTP_201_CREATED)


class ProjectView(APIView):
    @extend_schema(responses=ProjectOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One project."""
        project = get_object_or_404(shown(user_of(request)), pk=pk)
        return Response(ProjectOutput(project).data)

    @extend_schema(request=ProjectInput, responses=ProjectOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Rename or describe a project."""
        project = project_of(request, pk)
        data = patched(ProjectInput, request, project)
        projects.update_project(by=user_of(request), project=project, **data)
        return self.get(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a project with everything in it."""
        project = project_of(request, pk)
        projects.delete_project(by=user_of(request), project=project)
        return Response(status=status.HTTP_204_NO_CONTENT)
