"""The page on which an image is looked at, by everybody in the project."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.views.access import MemberRequest, image_for, project_context


@login_required
@require_safe
def image(request: MemberRequest, pk: int) -> HttpResponse:
    image = image_for(request, pk)
    context = project_context(request, image.dataset.project)
    props = {"image": image.pk, "role": context["role"]}
    context |= {"dataset": image.dataset, "image": image, "props": props}
    return render(request, "images/image.html", context)
