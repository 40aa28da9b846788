"""Who is told what workers were asked to do, and what became of it."""

import pytest

from annotations.models import Dataset, Errand, Role, User
from tests.factories import make_dataset, make_errand, make_member, make_project
from tests.support.clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_root")]

COUNTS = {"lines": 7, "answers": 7, "values": {"yes": 5, "no": 2}}
SHARED = {Errand.Kind.GRID, Errand.Kind.EMPTIES}


@pytest.fixture
def dataset() -> Dataset:
    """Of a blind project, in which somebody had every kind of thing done."""
    dataset = make_dataset()
    asked_by = make_member(project=dataset.project).user
    for kind in Errand.Kind:
        state = Errand.State.DONE
        make_errand(dataset=dataset, kind=kind, state=state, report=COUNTS, created_by=asked_by)
    return dataset


def _member(dataset: Dataset, role: Role) -> User:
    return make_member(project=dataset.project, role=role).user


def _listed(user: User, dataset: Dataset) -> dict[str, dict[str, int]]:
    """Kinds with their reports; each errand by itself says the same as the list."""
    client = client_of(user)
    rows = client.get(f"/api/datasets/{dataset.pk}/errands/").json()
    assert [client.get(f"/api/errands/{row['id']}/").json() for row in rows] == rows
    return {row["kind"]: row["report"] for row in rows}


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.VIEWER])
def test_in_a_blind_project_nobody_learns_counts_of_answers_from_what_others_had_done(
    dataset: Dataset, role: Role
) -> None:
    user = _member(dataset, role)
    hidden = [errand.pk for errand in dataset.errands.exclude(kind__in=SHARED)]
    assert _listed(user, dataset) == {"grid": {}, "empties": COUNTS}
    for pk in hidden:
        assert client_of(user).get(f"/api/errands/{pk}/").status_code == 404


def test_whoever_asked_for_it_is_told_all_of_it(dataset: Dataset) -> None:
    asked_by = dataset.errands.latest("pk").created_by
    assert _listed(asked_by, dataset) == dict.fromkeys(Errand.Kind.values, COUNTS)


def test_managers_are_told_all_and_so_are_members_where_it_is_not_blind(dataset: Dataset) -> None:
    everything = dict.fromkeys(Errand.Kind.values, COUNTS)
    assert _listed(dataset.created_by, dataset) == everything
    dataset.project.blind = False
    dataset.project.save()
    assert _listed(_member(dataset, Role.VIEWER), dataset) == everything


def test_a_manager_elsewhere_is_no_manager_here(dataset: Dataset) -> None:
    user = _member(dataset, Role.VIEWER)
    make_project(manager=user)
    assert set(_listed(user, dataset)) == SHARED
