"""Who takes part in a project."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Assignment, Label, Membership, Role
from annotations.services.handing_out import hand_out
from annotations.services.members import add_member, change_role, remove_member
from annotations.services.plans import assign
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_project,
    make_structure,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("login", ["bob", "BOB", " bob ", "bob@example.org", "Bob@Example.org"])
def test_somebody_is_added_by_user_name_or_e_mail(login: str) -> None:
    project, bob = make_project(), make_user("bob")
    membership = add_member(
        by=project.created_by, project=project, login=login, role=Role.ANNOTATOR
    )
    assert (membership.user, membership.role) == (bob, Role.ANNOTATOR)


@pytest.mark.parametrize("login", ["nobody", "", "bo"])
def test_an_unknown_name_is_rejected(login: str) -> None:
    project = make_project()
    make_user("bob")
    make_user("ghost", email="")
    with pytest.raises(Rejected) as refusal:
        add_member(by=project.created_by, project=project, login=login, role=Role.VIEWER)
    assert refusal.value.field == "login"


def test_a_closed_account_cannot_be_added() -> None:
    project = make_project()
    make_user("bob", is_active=False)
    with pytest.raises(Rejected):
        add_member(by=project.created_by, project=project, login="bob", role=Role.VIEWER)


def test_nobody_gets_in_under_another_persons_address() -> None:
    project = make_project()
    make_user("bob")
    make_user("bob@example.org", email="eve@example.org")
    with pytest.raises(Rejected, match="more than one account"):
        add_member(
            by=project.created_by, project=project, login="bob@example.org", role=Role.VIEWER
        )
    assert project.memberships.count() == 1


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    project = make_project()
    make_user("Bob", email="first@example.org")
    bob = make_user("bob", email="second@example.org")
    membership = add_member(by=project.created_by, project=project, login="bob", role=Role.VIEWER)
    assert membership.user == bob


def test_a_member_is_not_added_twice() -> None:
    first = make_member(project=make_project(), user=make_user("bob"), role=Role.VIEWER)
    with pytest.raises(Rejected, match="already") as refusal:
        add_member(
            by=first.project.created_by, project=first.project, login="bob", role=Role.MANAGER
        )
    assert refusal.value.conflict
    first.refresh_from_db()
    assert first.role == Role.VIEWER


def test_only_managers_add_members() -> None:
    annotator = make_member(project=make_project(), role=Role.ANNOTATOR)
    make_user("bob")
    with pytest.raises(PermissionDenied):
        add_member(by=annotator.user, project=annotator.project, login="bob", role=Role.VIEWER)


def test_a_manager_gives_another_role() -> None:
    member = make_member(project=make_project(), role=Role.VIEWER)
    change_role(by=member.project.created_by, membership=member, role=Role.MANAGER)
    member.refresh_from_db()
    assert member.role == Role.MANAGER


def test_nobody_raises_their_own_role() -> None:
    member = make_member(project=make_project(), role=Role.ANNOTATOR)
    with pytest.raises(PermissionDenied):
        change_role(by=member.user, membership=member, role=Role.MANAGER)
    member.refresh_from_db()
    assert member.role == Role.ANNOTATOR


def test_the_last_manager_can_neither_leave_nor_become_less() -> None:
    project = make_project()
    make_member(project=project, role=Role.ANNOTATOR)
    manager = Membership.objects.get(project=project, role=Role.MANAGER)
    with pytest.raises(Rejected, match="manager"):
        remove_member(by=manager.user, membership=manager)
    with pytest.raises(Rejected, match="manager"):
        change_role(by=manager.user, membership=manager, role=Role.VIEWER)
    manager.refresh_from_db()
    assert manager.role == Role.MANAGER


def test_one_of_two_managers_can_leave() -> None:
    project = make_project()
    make_member(project=project, role=Role.MANAGER)
    manager = Membership.objects.get(project=project, user=project.created_by)
    remove_member(by=manager.user, membership=manager)
    assert project.memberships.count() == 1


def test_a_viewer_may_leave_but_not_remove_others() -> None:
    project = make_project()
    viewer = make_member(project=project, role=Role.VIEWER)
    other = make_member(project=project, role=Role.VIEWER)
    with pytest.raises(PermissionDenied):
        remove_member(by=viewer.user, membership=other)
    remove_member(by=viewer.user, membership=viewer)
    assert not Membership.objects.filter(user=viewer.user).exists()
    assert Membership.objects.filter(user=other.user).exists()


def test_answers_outlive_a_membership() -> None:
    image = make_image(dataset=make_dataset())
    project = image.dataset.project
    member = make_member(project=project)
    make_label(image=image, structure=make_structure(project=project), annotator=member.user)
    remove_member(by=project.created_by, membership=member)
    assert Label.objects.filter(annotator=member.user).count() == 1


@pytest.mark.parametrize("leaves", [True, False])
def test_what_was_asked_of_somebody_who_may_not_answer_any_more_is_asked_of_others(
    leaves: bool,
) -> None:
    dataset = make_image().dataset
    project, structure = dataset.project, make_structure(project=dataset.project)
    member, bob = make_member(project=project), make_member(project=project).user
    alike: dict[str, Any] = {"dataset": dataset, "structure": structure}
    assign(by=project.created_by, annotators=[member.user], share=1, **alike)
    assert len(hand_out(by=member.user, count=4, **alike).patches) == 4
    assert not hand_out(by=bob, count=6, **alike).patches
    if leaves:
        remove_member(by=project.created_by, membership=member)
    else:
        change_role(by=project.created_by, membership=member, role=Role.VIEWER)
    assert not Assignment.objects.exists()
    assert len(hand_out(by=bob, count=6, **alike).patches) == 6
