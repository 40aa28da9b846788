"""Runs over HTTP: start, watch, cancel, repeat, download."""

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from annotations.api.base import APIView, FileView, Request, user_of
from annotations.api.scope import dataset_of
from annotations.api.work import WORK_FIELDS, WorkOutput
from annotations.models import Dataset, Role, User
from annotations.services.access import role_of
from inference.models import ModelVersion, Run
from inference.services import runs
from inference.services.downloads import may_download, require_download


class RunOutput(WorkOutput[Run]):
    name = serializers.CharField(source="__str__", help_text="As people call it.")
    model = serializers.SerializerMethodField()
    download = serializers.SerializerMethodField()
    can_retry = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = (*WORK_FIELDS, "name", "history", "model", "download", "can_retry")

    def get_model(self, run: Run) -> int | None:
        """The model that a training made, or that the run uses."""
        if run.uses_id:
            return run.uses_id
        made: ModelVersion | None = getattr(run, "model_version", None)
        return made.pk if made else None

    def get_download(self, run: Run) -> str | None:
        """None also where the person who asks may not have it."""
        ready = run.kind == Run.Kind.EXPORT and run.state == Run.State.DONE
        project, role = run.dataset.project, self.context.get("role")
        ready = ready and may_download(role=role, project=project, run=run)
        return reverse("api-run-download", args=[run.pk]) if ready else None

    def get_can_retry(self, run: Run) -> bool:
        return run.state in (Run.State.FAILED, Run.State.CANCELLED)


def started(run: Run) -> Response:
    return Response(RunOutput(run).data, status=status.HTTP_201_CREATED)


def visible_run(user: User, pk: int) -> Run:
    rows = Run.objects.visible_to(user).select_related(
        "dataset__project", "created_by", "model_version"
    )
    return get_object_or_404(rows, pk=pk)


def _role(request: Request, dataset: Dataset) -> dict[str, Role | None]:
    return {"role": role_of(user=user_of(request), project=dataset.project)}


class RunsView(APIView):
    @extend_schema(responses=RunOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The runs of a data set, newest first."""
        dataset = dataset_of(request, pk)
        rows = dataset.runs.select_related("created_by", "dataset__project", "model_version")
        return Response(RunOutput(rows[:100], many=True, context=_role(request, dataset)).data)


class RunView(APIView):
    @extend_schema(responses=RunOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One run, with its progress."""
        run = visible_run(user_of(request), pk)
        return Response(RunOutput(run, context=_role(request, run.dataset)).data)


class CancelView(APIView):
    @extend_schema(request=None, responses=RunOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Stop a run; what it had done so far is kept."""
        user = user_of(request)
        run = runs.cancel_run(by=user, run=visible_run(user, pk))
        return Response(RunOutput(run, context=_role(request, run.dataset)).data)


class RetryView(APIView):
    @extend_schema(request=None, responses=RunOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Start a failed or cancelled run again."""
        user = user_of(request)
        run = runs.retry_run(by=user, run=visible_run(user, pk))
        return Response(RunOutput(run).data)


class DownloadView(FileView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> FileResponse:
        """The zip that an export made."""
        run = visible_run(user_of(request), pk)
        if run.kind != Run.Kind.EXPORT or not run.bundle.is_file():
            raise Http404("This run has made no file.")
        require_download(by=user_of(request), run=run)
        name = f"{_plain(run.dataset.name)}-{run.pk}.zip"
        return FileResponse(run.bundle.open("rb"), as_attachment=True, filename=name)


def _plain(name: str) -> str:
    """A name that is safe as part of a file name anywhere."""
    kept: Any = (character if character.isalnum() else "-" for character in name)
    return "".join(kept).strip("-") or "micraweb"
