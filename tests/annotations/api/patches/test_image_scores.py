"""Scores and likeness of the patches of one image over HTTP."""

from typing import Any

import numpy as np
import pytest

from annotations.models import Image, Structure, User
from annotations.services.scores import keep_scores
from tests.factories import make_member, make_structure
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _get(user: User, image: Image, what: str, **query: Any) -> Any:
    return client_of(user).get(f"/api/images/{image.pk}/{what}/", query)


def test_scores_of_every_patch_go_to_those_who_may_see_them(
    image: Image, rings: Structure, bob: User
) -> None:
    scores = np.array([[0.25, 0.5, 0.75], [0, 1, 0.125]])
    keep_scores(image=image, scores={rings.pk: scores}, source="v1")
    assert _get(bob, image, "scores", structure=rings.pk).status_code == 403
    manager = image.dataset.created_by
    assert manager is not None
    found = _get(manager, image, "scores", structure=rings.pk).json()
    assert found == {"patch_size": 32, "overlap": 0, "values": [0.25, 0.5, 0.75, 0, 1, 0.125]}
    image.dataset.project.blind = False
    image.dataset.project.save()
    assert _get(bob, image, "scores", structure=rings.pk).json() == found


def test_scores_of_another_grid_are_none(image: Image, rings: Structure) -> None:
    keep_scores(image=image, scores={rings.pk: np.ones((3, 3))}, source="v1")
    manager = image.dataset.created_by
    assert manager is not None
    assert _get(manager, image, "scores", structure=rings.pk).json()["values"] is None


def test_a_structure_of_another_project_has_no_scores_here(image: Image) -> None:
    manager = image.dataset.created_by
    assert manager is not None
    other = make_structure()
    make_member(project=other.project, user=manager)
    refused = _get(manager, image, "scores", structure=other.pk)
    assert refused.status_code == 400
    assert "another project" in refused.json()["detail"]


def test_a_patch_is_most_like_itself_and_the_middle_of_all_is_one(image: Image, bob: User) -> None:
    values = np.array(_get(bob, image, "likeness", row=1, column=2).json()["values"])
    assert values.shape == (6,)
    assert values.argmin() == 5
    assert values[5] == 0
    assert np.median(values) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("query", [{}, {"row": 2, "column": 0}, {"row": -1, "column": 0}])
def test_no_patch_is_like_one_that_is_not_there(
    image: Image, bob: User, query: dict[str, int]
) -> None:
    refused = _get(bob, image, "likeness", **query)
    assert refused.status_code == 400
    assert refused.json()["detail"]
