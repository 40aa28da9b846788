"""What can be started from a model in the list: segmenting all images, making the download."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from annotations.errors import Rejected
from annotations.models import Role
from annotations.services.access import require_role
from annotations.views.access import MemberRequest
from inference.models import ModelVersion, Run
from inference.services.runs import start_export, start_segmentation


@login_required
@require_POST
def model_segment(request: MemberRequest, pk: int) -> HttpResponse:
    return _started(request, model_for(request, pk, Role.ANNOTATOR), start_segmentation)


@login_required
@require_POST
def model_export(request: MemberRequest, pk: int) -> HttpResponse:
    return _started(request, model_for(request, pk, Role.VIEWER), start_export)


def _started(
    request: MemberRequest, model: ModelVersion, start: Callable[..., Run]
) -> HttpResponse:
    """The page of the run, or that of the data set with the reason why there is none."""
    try:
        run = start(by=request.user, dataset=model.dataset, model=model)
    except Rejected as error:
        messages.error(request, error.message)
        return redirect("dataset", pk=model.dataset_id)
    return redirect("run", pk=run.pk)


def model_for(request: MemberRequest, pk: int, role: Role) -> ModelVersion:
    """The model; 404 for strangers, 403 for members without the role."""
    visible = ModelVersion.objects.visible_to(request.user).select_related("dataset__project")
    model = get_object_or_404(visible, pk=pk)
    require_role(user=request.user, project=model.dataset.project, role=role)
    return model
