"""How the person who asks likes to work."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.models import Preferences
from annotations.services.preferences import preferences_of, save_preferences


class PreferencesView(APIView):
    class PreferencesInput(serializers.Serializer[Any]):
        keys = serializers.DictField(
            child=serializers.CharField(trim_whitespace=False),
            required=False,
            help_text="command: key, where it differs from the usual one; screen:command for what "
            "one screen alone knows.",
        )
        tour_seen = serializers.BooleanField(required=False)
        label_tour_seen = serializers.BooleanField(required=False)

    class PreferencesOutput(serializers.ModelSerializer[Preferences]):
        class Meta:
            model = Preferences
            fields = ("keys", "tour_seen", "label_tour_seen")

    @extend_schema(responses=PreferencesOutput)
    def get(self, request: Request) -> Response:
        """Your keys, and which tours you have seen."""
        return Response(self.PreferencesOutput(preferences_of(user=user_of(request))).data)

    @extend_schema(request=PreferencesInput, responses=PreferencesOutput)
    def patch(self, request: Request) -> Response:
        """Change them; no two commands of one screen may share a key."""
        given = parsed(self.PreferencesInput, request)
        kept = save_preferences(by=user_of(request), **given)
        return Response(self.PreferencesOutput(kept).data)
