"""A person's own work: what they did, what they are asked to do, what came back to them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotations.errors import Rejected
from annotations.models import Remark
from annotations.models.label import Answer
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given
from annotations.services.own_work import own_work
from annotations.views.access import MemberRequest
from annotations.zones import zone_of


@login_required
@require_safe
def work(request: MemberRequest) -> HttpResponse:
    return render(
        request,
        "team/work.html",
        {"work": own_work(user=request.user, zone=zone_of(request.COOKIES))},
    )


@login_required
@require_POST
def remark_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer again about a patch that was sent back, which also does what was asked."""
    mine = Remark.objects.filter(
        sent_to=request.user, image__dataset__project__memberships__user=request.user
    )
    remark = get_object_or_404(mine.select_related("image__dataset__project"), pk=pk)
    value = request.POST.get("value", "")
    if value not in Answer.values:
        messages.error(request, "Answer yes, no or unsure.")
        return redirect("own-work")
    place = remark.image_id, remark.structure_id, remark.row, remark.column
    try:
        given = [Given(*place, value)]
        record_answers(by=request.user, dataset=remark.image.dataset, answers=given)
    except Rejected as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Your answer is “{Answer(value).label.lower()}” now.")
    return redirect("own-work")
