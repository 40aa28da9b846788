"""The way in: what this is, and the list of a person's projects."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotations.models import Dataset, Image, Membership, Project, Role
from annotations.views.access import MemberRequest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("projects")
    return render(request, "home/landing.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "home/help.html")


@login_required
@require_safe
def projects(request: MemberRequest) -> HttpResponse:
    own = Project.objects.visible_to(request.user).prefetch_related("structures")
    own = own.annotate(
        dataset_count=_count(Dataset.objects.filter(project=OuterRef("pk")), "project"),
        image_count=_count(
            Image.objects.ready().filter(dataset__project=OuterRef("pk")), "dataset__project"
        ),
        member_count=_count(Membership.objects.filter(project=OuterRef("pk")), "project"),
    )
    roles = {
        member.project_id: Role(member.role)
        for member in Membership.objects.filter(user=request.user)
    }
    cards = [(project, roles.get(project.pk)) for project in own]
    return render(request, "projects/list.html", {"cards": cards})


def _count(rows: "QuerySet[Dataset] | QuerySet[Image] | QuerySet[Membership]", by: str) -> Subquery:
    """How many rows there are for each project, apart from any other join of the query."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())
