"""Who gave which answer, as it is sent."""

from typing import Any

from rest_framework import serializers

from annotations.models.label import Answer


class SaidOutput(serializers.Serializer[Any]):
    annotator = serializers.CharField()
    annotator_id = serializers.IntegerField()
    value = serializers.ChoiceField(choices=Answer.choices)
