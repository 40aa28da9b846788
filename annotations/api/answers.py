"""Answers of one person about any patches of a data set, as a browser or a program sends them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.answer_input import MOST, read_answers, read_time
from annotations.api.base import APIView, Request, user_of
from annotations.api.scope import dataset_of
from annotations.models import User
from annotations.models.label import Answer
from annotations.services.answers.batches import MAX_ANSWERS, record_answers
from annotations.services.answers.given import GridNamed


class GridField(serializers.Serializer[Any]):
    patch_size = serializers.IntegerField(min_value=1, max_value=MOST)
    overlap = serializers.IntegerField(min_value=0, max_value=MOST, default=0)


class AnswersView(APIView):
    class AnswersInput(serializers.Serializer[Any]):
        class AnswerInput(serializers.Serializer[Any]):
            image = serializers.IntegerField()
            structure = serializers.IntegerField()
            row = serializers.IntegerField(min_value=0)
            column = serializers.IntegerField(min_value=0)
            value = serializers.ChoiceField(
                choices=Answer.choices, allow_null=True, help_text="null takes the answer back."
            )
            event = serializers.UUIDField(
                required=False, help_text="Your own number of it: sent twice, it counts once."
            )
            at = serializers.DateTimeField(
                required=False, help_text="When it was given; of several the latest stands."
            )
            took_ms = serializers.IntegerField(required=False, allow_null=True, min_value=0)
            suggested = serializers.BooleanField(required=False, allow_null=True)
            handed = serializers.BooleanField(
                required=False,
                allow_null=True,
                help_text="false: not to what `next/` handed out, so it is no second answer.",
            )

        answers = AnswerInput(many=True, help_text=f"1 to {MAX_ANSWERS}, of any images.")
        clock = serializers.DateTimeField(
            required=False, help_text="Your time now: your times are shifted by what it is wrong."
        )
        by = serializers.IntegerField(
            required=False, help_text="Your id: refused where somebody else is signed in by now."
        )
        grid = GridField(
            required=False, help_text="What you count in: another one by now is answered with 409."
        )

    class RecordedOutput(serializers.Serializer[Any]):
        changed = serializers.IntegerField()
        superseded = serializers.IntegerField(help_text="Came after a later answer: history only.")
        now = serializers.DateTimeField()

    @extend_schema(request=AnswersInput, responses=RecordedOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Answer about many patches, all or none. With events it is safe to send again.

        Where some cannot be taken in, `refused` holds their events: send the others again.
        """
        body = request.data
        if not isinstance(body, Mapping):
            raise ValidationError({"answers": ["An object with answers is needed."]})
        user = user_of(request)
        _refuse_another(user, body.get("by"))
        recorded = record_answers(
            by=user,
            dataset=dataset_of(request, pk),
            answers=read_answers(body.get("answers")),
            clock=_clock(body.get("clock")),
            grid=_grid(body.get("grid")),
        )
        return Response(
            {
                "changed": recorded.changed,
                "superseded": recorded.superseded,
                "now": recorded.now.isoformat(),
            }
        )


def _refuse_another(user: User, by: Any) -> None:
    """A page stays open when somebody else signs in beside it: its answers are not theirs."""
    if by is not None and by != user.pk:
        raise PermissionDenied(
            f"{user.username} is signed in by now, and these answers are somebody else's. They "
            "wait here until that person signs in again."
        )


def _clock(given: Any) -> datetime | None:
    try:
        return None if given is None else read_time(given)
    except ValueError as error:
        raise ValidationError({"clock": [f"{error}."]}) from error


def _grid(given: Any) -> GridNamed | None:
    if given is None:
        return None
    field = GridField(data=given)
    if not field.is_valid():
        raise ValidationError({"grid": ["patch_size and overlap in px are needed."]})
    return GridNamed(**field.validated_data)
