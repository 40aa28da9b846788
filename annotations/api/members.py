"""Members of a project over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import membership_of, project_of
from annotations.models import Membership, Role
from annotations.services import members


class MemberOutput(serializers.ModelSerializer[Membership]):
    user = serializers.IntegerField(source="user_id")
    username = serializers.CharField(source="user.username")

    class Meta:
        model = Membership
        fields = ("id", "user", "username", "role", "created_at")


class MembersView(APIView):
    class MemberInput(serializers.Serializer[Any]):
        login = serializers.CharField(help_text="User name or email address of an account.")
        role = serializers.ChoiceField(choices=Role.choices, default=Role.ANNOTATOR)

    @extend_schema(responses=MemberOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Who takes part in the project."""
        project = project_of(request, pk)
        rows = project.memberships.select_related("user")
        return Response(MemberOutput(rows, many=True).data)

    @extend_schema(request=MemberInput, responses={201: MemberOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Add somebody who has an account."""
        project = project_of(request, pk)
        data = parsed(self.MemberInput, request)
        membership = members.add_member(
            by=user_of(request), project=project, login=data["login"], role=Role(data["role"])
        )
        return Response(MemberOutput(membership).data, status=status.HTTP_201_CREATED)


class MemberView(APIView):
    class RoleInput(serializers.Serializer[Any]):
        role = serializers.ChoiceField(choices=Role.choices)

    @extend_schema(request=RoleInput, responses=MemberOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Give a member another role."""
        membership = membership_of(request, pk)
        role = Role(parsed(self.RoleInput, request)["role"])
        membership = members.change_role(by=user_of(request), membership=membership, role=role)
        return Response(MemberOutput(membership).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take a member out of the project; their answers stay."""
        membership = membership_of(request, pk)
        members.remove_member(by=user_of(request), membership=membership)
        return Response(status=status.HTTP_204_NO_CONTENT)
