"""How a data set is labelled by a team: who is asked, who did what, how well people agree."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from annotations.errors import Rejected
from annotations.forms.base import rejections_on
from annotations.forms.plans import AssignmentForm, PlanForm, plan_initial
from annotations.models import Assignment, Dataset, Role, Structure, User
from annotations.services.access import require_role
from annotations.services.agreement_report import AgreementReport, Pair, agreement_report
from annotations.services.people import people_of
from annotations.services.plans import assign, plan_of, set_plan, unassign
from annotations.views.access import MemberRequest, dataset_for, project_context
from annotations.views.agreement_charts import over_time
from annotations.views.filling import form_methods, is_done, sent
from annotations.zones import zone_of


@dataclass(frozen=True)
class NamedPair:
    first: str
    second: str
    pair: Pair


@login_required
@form_methods
def team(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything about the team on one page; the plan is changed here."""
    dataset = dataset_for(request, pk, Role.MANAGER)
    initial = plan_initial(plan_of(dataset))
    form = PlanForm(sent(request), initial=initial)
    by, said = request.user, "Saved. It holds for patches handed out from now on."
    if is_done(request, form, lambda: set_plan(by=by, dataset=dataset, **form.cleaned_data), said):
        return redirect("team", pk=dataset.pk)
    return _page(request, dataset, plan=form, assigning=_assigning(dataset))


@login_required
@require_POST
def team_assign(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask somebody about a structure; what is wrong with it is said on the page of the team."""
    dataset = dataset_for(request, pk, Role.MANAGER)
    form = AssignmentForm(request.POST, dataset=dataset, people=able(dataset))
    if form.is_valid():
        person, structure = form.cleaned_data["annotator"], form.cleaned_data["structure"]
        with rejections_on(form):
            assign(
                by=request.user,
                dataset=dataset,
                structure=structure,
                annotators=[person],
                share=form.cleaned_data["share"],
            )
            messages.success(request, f"{person.username} is asked about {structure.name}.")
            return redirect("team", pk=dataset.pk)
    plan = PlanForm(initial=plan_initial(plan_of(dataset)))
    return _page(request, dataset, plan=plan, assigning=form)


@login_required
@require_POST
def assignment_remove(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Assignment.objects.filter(dataset__project__memberships__user=request.user)
    rows = rows.select_related("dataset__project", "annotator", "structure")
    assignment = get_object_or_404(rows, pk=pk)
    require_role(user=request.user, project=assignment.dataset.project, role=Role.MANAGER)
    try:
        unassign(by=request.user, assignment=assignment)
    except Rejected as error:
        messages.error(request, error.message)
    else:
        name = assignment.annotator.username
        messages.success(request, f"{name} is no longer asked. Their answers stay.")
    return redirect("team", pk=assignment.dataset_id)


def able(dataset: Dataset) -> list[User]:
    """Members who may answer."""
    members = dataset.project.memberships.exclude(role=Role.VIEWER).select_related("user")
    return sorted((member.user for member in members), key=lambda user: user.username)


def chosen_structure(request: MemberRequest, structures: Iterable[Structure]) -> Structure | None:
    """The one that the address names, or else the first."""
    rows = list(structures)
    asked = request.GET.get("structure", "")
    return next((row for row in rows if str(row.pk) == asked), rows[0] if rows else None)


def _assigning(dataset: Dataset) -> AssignmentForm:
    return AssignmentForm(dataset=dataset, people=able(dataset))


def _page(
    request: MemberRequest, dataset: Dataset, *, plan: PlanForm, assigning: AssignmentForm
) -> HttpResponse:
    structures = list(dataset.project.structures.all())
    structure = chosen_structure(request, structures)
    report = structure and agreement_report(by=request.user, dataset=dataset, structure=structure)
    context = project_context(request, dataset.project) | {
        "dataset": dataset,
        "structures": structures,
        "structure": structure,
        "form": plan,
        "assigning": assigning,
        "assign_url": reverse("team-assign", args=[dataset.pk]),
        "assignments": dataset.assignments.select_related("annotator", "structure"),
        "people": people_of(by=request.user, dataset=dataset, zone=zone_of(request.COOKIES)),
        "report": report,
        "pairs": _named(report) if report else [],
        "over_time": over_time(report) if report else None,
    }
    return render(request, "team/team.html", context)


def _named(report: AgreementReport) -> list[NamedPair]:
    names = {person.id: person.name for person in report.people}
    return [NamedPair(names[pair.first], names[pair.second], pair) for pair in report.pairs]
