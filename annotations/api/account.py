"""Signing in from a program."""

from typing import Any

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.models import User


class TokenView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "token"

    class TokenInput(serializers.Serializer[Any]):
        login = serializers.CharField(help_text="User name or email address.")
        password = serializers.CharField(trim_whitespace=False)

    class TokenOutput(serializers.Serializer[Any]):
        token = serializers.CharField()

    @extend_schema(request=TokenInput, responses=TokenOutput)
    def post(self, request: Request) -> Response:
        """Exchange user name (or email address) and password for a token."""
        data = parsed(self.TokenInput, request)
        # Looked up as user name and as email address: names may hold an @ as well.
        user = authenticate(request, username=data["login"], password=data["password"])
        if not isinstance(user, User):
            raise ValidationError({"login": ["User name or password is wrong."]})
        token, _ = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


class MeView(APIView):
    class MeOutput(serializers.ModelSerializer[User]):
        class Meta:
            model = User
            fields = ("id", "username", "email")

    @extend_schema(responses=MeOutput)
    def get(self, request: Request) -> Response:
        """Who the token or the session belongs to."""
        return Response(self.MeOutput(user_of(request)).data)
