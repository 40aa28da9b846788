"""Errands over HTTP: watch, cancel, take in what was looked at, dismiss."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.base import APIView, Request, user_of
from annotations.api.scope import dataset_of
from annotations.api.work import WORK_FIELDS, WorkOutput
from annotations.models import Errand, Project, User
from annotations.services import errands
from annotations.services.access import role_of, sees_others

MOST_LISTED = 500


class ErrandOutput(WorkOutput[Errand]):
    report = serializers.SerializerMethodField(
        help_text="What became of it; empty until it is done, and where it counts answers that "
        "are not yours to see."
    )
    can_take = serializers.SerializerMethodField()

    class Meta:
        model = Errand
        fields = (*WORK_FIELDS, "name", "report", "can_take")

    def get_report(self, errand: Errand) -> dict[str, Any]:
        reader = self.context.get("hidden_from")
        hidden = reader is not None and errand.counts_answers and errand.created_by_id != reader
        report: dict[str, Any] = {} if hidden else errand.report
        return report

    def get_can_take(self, errand: Errand) -> bool:
        """Whether a file was only looked at, and can be taken in without being sent again."""
        return errand.can_be_taken


def accepted(errand: Errand) -> Response:
    """What the views that start an errand answer: it is done elsewhere, and can be watched."""
    return Response(ErrandOutput(errand).data, status=status.HTTP_202_ACCEPTED)


def _as_seen_by(user: User, project: Project) -> dict[str, Any]:
    """What others' change of the grid did to answers is for those who may see these."""
    sees = sees_others(role_of(user=user, project=project), project)
    return {"hidden_from": None if sees else user.pk}


def visible_errand(user: User, pk: int) -> Errand:
    rows = Errand.objects.visible_to(user).select_related("dataset__project", "created_by")
    return get_object_or_404(rows, pk=pk)


class ErrandsView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, many=True, enum=Errand.Kind.values),
            OpenApiParameter("mine", bool, description="`1`: only what you asked for."),
            OpenApiParameter("active", bool, description="`1`: only what waits or is under way."),
        ],
        responses=ErrandOutput(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What workers were asked to do for a data set, newest first.

        In a blind project others' imports and answers about empty patches are listed for managers.
        """
        user = user_of(request)
        dataset = dataset_of(request, pk)
        rows = Errand.objects.told_to(user).filter(dataset=dataset).select_related("created_by")
        if kinds := request.query_params.getlist("kind"):
            if unknown := set(kinds) - set(Errand.Kind.values):
                raise ValidationError({"kind": [f"There is no {sorted(unknown)[0]}."]})
            rows = rows.filter(kind__in=kinds)
        if _wanted(request, "mine"):
            rows = rows.filter(created_by=user)
        if _wanted(request, "active"):
            rows = rows.active()
        seen = _as_seen_by(user, dataset.project)
        return Response(ErrandOutput(rows[:MOST_LISTED], many=True, context=seen).data)


def _wanted(request: Request, name: str) -> bool:
    return request.query_params.get(name, "") not in ("", "0", "false")


class ErrandView(APIView):
    @extend_schema(responses=ErrandOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One errand, with its progress."""
        user = user_of(request)
        told = Errand.objects.told_to(user).select_related("dataset__project", "created_by")
        errand = get_object_or_404(told, pk=pk)
        seen = _as_seen_by(user, errand.dataset.project)
        return Response(ErrandOutput(errand, context=seen).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Forget an errand. One that runs stops, and nothing of it is left."""
        user = user_of(request)
        errands.dismiss_errand(by=user, errand=visible_errand(user, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ErrandCancelView(APIView):
    @extend_schema(request=None, responses=ErrandOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Stop an errand; what it would have changed stays as it was."""
        user = user_of(request)
        errand = errands.cancel_errand(by=user, errand=visible_errand(user, pk))
        return Response(ErrandOutput(errand).data)


class ErrandTakeView(APIView):
    @extend_schema(request=None, responses={202: ErrandOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Take in a file that was sent with `dry_run`, without sending it again."""
        user = user_of(request)
        return accepted(errands.take_errand(by=user, errand=visible_errand(user, pk)))
