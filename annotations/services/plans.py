"""How many people are asked about a patch, and who is asked at all."""

import math
from collections.abc import Sequence

from django.db import transaction

from annotations.errors import Rejected
from annotations.models import Assignment, Dataset, LabellingPlan, Membership, Role, Structure, User
from annotations.models.plan import MAX_ANSWERS
from annotations.services.access import require_role
from annotations.services.structures import refuse_foreign


def plan_of(dataset: Dataset) -> LabellingPlan:
    """The data set's plan; without one, a patch is asked once."""
    found = LabellingPlan.objects.filter(dataset=dataset).first()
    return found or LabellingPlan(dataset=dataset, answers_wanted=1)


def set_plan(
    *,
    by: User,
    dataset: Dataset,
    answers_wanted: int,
    shared_fraction: float,
    repeat_fraction: float,
    adaptive: bool,
) -> LabellingPlan:
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    if not 1 <= answers_wanted <= MAX_ANSWERS:
        raise Rejected(f"Ask between 1 and {MAX_ANSWERS} people.", field="answers_wanted")
    _check_fraction(shared_fraction, "shared_fraction")
    _check_fraction(repeat_fraction, "repeat_fraction")
    plan, _ = LabellingPlan.objects.update_or_create(
        dataset=dataset,
        defaults={
            "answers_wanted": answers_wanted,
            "shared_fraction": shared_fraction,
            "repeat_fraction": repeat_fraction,
            "adaptive": adaptive,
        },
    )
    return plan


def _check_fraction(given: float, field: str) -> None:
    if not (math.isfinite(given) and 0 <= given <= 1):
        raise Rejected("A share is between 0 and 1.", field=field)


def assign(
    *, by: User, dataset: Dataset, structure: Structure, annotators: Sequence[User], share: float
) -> list[Assignment]:
    """Ask people to answer; an assignment that a person has gets the new share.

    From the first assignment on, patches of the structure are handed to those assigned alone.
    """
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    refuse_foreign(structure, dataset)
    if not (math.isfinite(share) and 0 < share <= 1):
        raise Rejected("A share is more than 0 and at most 1.", field="share")
    _check_people(dataset, annotators)
    with transaction.atomic():
        return [
            Assignment.objects.update_or_create(
                dataset=dataset,
                structure=structure,
                annotator=annotator,
                defaults={"share": share},
            )[0]
            for annotator in annotators
        ]


def unassign(*, by: User, assignment: Assignment) -> None:
    require_role(user=by, project=assignment.dataset.project, role=Role.MANAGER)
    assignment.delete()


def _check_people(dataset: Dataset, annotators: Sequence[User]) -> None:
    members = Membership.objects.filter(project=dataset.project_id, user__in=annotators)
    able = set(members.exclude(role=Role.VIEWER).values_list("user_id", flat=True))
    for annotator in annotators:
        if annotator.pk not in able:
            raise Rejected(
                f"{annotator.username} may not answer in this project. "
                "Make them an annotator first.",
                field="annotators",
            )
