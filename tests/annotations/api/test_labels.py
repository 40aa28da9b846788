"""Answers over HTTP."""

from typing import Any

import pytest

from annotations.models import Image, Label, LabelChange, Structure, User
from annotations.models.label import Answer
from tests.factories import (
    make_label,
    make_member,
    make_project,
    make_structure,
)
from tests.support.clients import client_of
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


def _post(image: Image, user: User, **body: Any) -> Any:
    return client_of(user).post(f"/api/images/{image.pk}/labels/", body, format="json")


def _get(image: Image, user: User, query: str = "") -> Any:
    return client_of(user).get(f"/api/images/{image.pk}/labels/{query}")


def test_answers_are_set_changed_and_taken_back(
    image: Image, rings: Structure, alice: User
) -> None:
    cells = [[0, 0], [1, 2]]
    for value, changed in (("yes", 2), ("yes", 0), ("unsure", 2)):
        answer = _post(image, alice, structure=rings.pk, cells=cells, value=value)
        assert (answer.status_code, answer.json()["changed"]) == (200, changed)
    shown = _get(image, alice).json()
    assert [(one["row"], one["column"], one["value"]) for one in shown] == [
        (0, 0, "unsure"),
        (1, 2, "unsure"),
    ]
    assert {(one["structure"], one["annotator"]) for one in shown} == {(rings.pk, alice.username)}
    assert _post(image, alice, structure=rings.pk, cells=cells, value=None).json()["changed"] == 2
    assert _get(image, alice).json() == []


@pytest.mark.parametrize(
    "body",
    [
        {"cells": [[2, 0]]},
        {"cells": [[0, 3]]},
        {"cells": [[0, 0], [-1, 0]]},
        {"cells": [[0, 0], [10**30, 0]]},
        {"cells": []},
        {"cells": [[0]]},
        {"cells": [[0, 0, 0]]},
        {"cells": [["a", 0]]},
        {"cells": [[0.5, 0]]},
        {"cells": "all"},
        {"cells": [[0, 0]] * 10_001},
        {"value": "maybe"},
        {"value": ""},
        {"value": True},
        {"structure": "Rings"},
        {"structure": None},
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_is_written(
    image: Image, rings: Structure, alice: User, body: dict[str, Any]
) -> None:
    given = {"structure": rings.pk, "cells": [[0, 0]], "value": "yes"} | body
    answer = _post(image, alice, **given)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert not Label.objects.exists()
    assert not LabelChange.objects.exists()


@pytest.mark.parametrize("missing", ["structure", "cells", "value"])
def test_an_incomplete_answer_is_refused(
    image: Image, rings: Structure, alice: User, missing: str
) -> None:
    given = {"structure": rings.pk, "cells": [[0, 0]], "value": "yes"}
    answer = _post(image, alice, **{key: value for key, value in given.items() if key != missing})
    assert answer.status_code == 400
    assert missing in answer.json()


def test_a_structure_that_the_user_cannot_see_is_not_found(image: Image, alice: User) -> None:
    hidden = make_structure()
    answer = _post(image, alice, structure=hidden.pk, cells=[[0, 0]], value="yes")
    assert answer.status_code == 404
    assert not Label.objects.exists()


def test_a_structure_of_another_of_ones_projects_is_refused(image: Image, alice: User) -> None:
    own = make_structure(project=make_project(manager=alice))
    answer = _post(image, alice, structure=own.pk, cells=[[0, 0]], value="yes")
    assert answer.status_code == 400
    assert not Label.objects.exists()


def test_people_see_their_own_answers_and_managers_everybodys(
    image: Image, rings: Structure, alice: User
) -> None:
    bob = make_member(project=image.dataset.project).user
    manager = image.dataset.created_by
    make_label(image=image, structure=rings, annotator=alice, value=Answer.YES)
    make_label(image=image, structure=rings, annotator=bob, value=Answer.NO)
    assert [one["value"] for one in _get(image, alice).json()] == ["yes"]
    assert _get(image, manager).json() == []
    everybody = _get(image, manager, "?annotator=all").json()
    assert {(one["annotator"], one["value"]) for one in everybody} == {
        (alice.username, "yes"),
        (bob.username, "no"),
    }
    assert _get(image, alice, "?annotator=all").status_code == 403


def test_answers_are_listed_by_structure(image: Image, rings: Structure, alice: User) -> None:
    fibres = make_structure(project=image.dataset.project)
    for structure in (rings, fibres):
        make_label(image=image, structure=structure, annotator=alice)
    (shown,) = _get(image, alice, f"?structure={fibres.pk}").json()
    assert shown["structure"] == fibres.pk
    assert _get(image, alice, "?structure=").json() == _get(image, alice).json()
    assert _get(image, alice, f"?structure={10**30}").json() == []


@pytest.mark.parametrize("query", ["?structure=Rings", "?structure=-1", "?annotator=bob"])
def test_a_question_that_is_not_understood_is_not_answered_with_something_else(
    image: Image, alice: User, query: str
) -> None:
    answer = _get(image, alice, query)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_longer_list_takes_no_more_queries(image: Image, rings: Structure) -> None:
    counts = []
    address = f"/api/images/{image.pk}/labels/?annotator=all"
    for expected in (2, 6):
        while (done := Label.objects.count()) < expected:
            annotator = make_member(project=image.dataset.project).user
            row, column = divmod(done, 3)
            make_label(image=image, structure=rings, annotator=annotator, row=row, column=column)
        rows, count = queries_of(client_of(image.dataset.created_by), address)
        assert rows == expected
        counts.append(count)
    assert counts[0] == counts[1]
