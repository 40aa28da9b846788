"""Batches of answers, asking for patches and giving them back, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from annotations.models import Image, Label, LabelChange, Project, Structure, User
from annotations.services.structures import delete_structure
from tests.factories import make_dataset, make_image, make_structure
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _post(image: Image, user: User, what: str, body: Any) -> Any:
    address = f"/api/datasets/{image.dataset_id}/{what}/"
    return client_of(user).post(address, body, format="json")


def _answer(image: Image, rings: Structure, **more: Any) -> dict[str, Any]:
    where = {"image": image.pk, "structure": rings.pk, "row": 0, "column": 0}
    return where | {"value": "yes", "event": str(uuid4())} | more


def test_a_batch_is_taken_once(image: Image, rings: Structure, alice: User) -> None:
    body = {
        "answers": [
            _answer(image, rings, at=timezone.now().isoformat(), took_ms=700, suggested=False),
            _answer(image, rings, column=1, value="no", took_ms=None, suggested=None, at=None),
        ],
        "clock": timezone.now().isoformat(),
        "grid": {"patch_size": 32, "overlap": 0},
    }
    for changed in (2, 0):
        told = _post(image, alice, "answers", body)
        assert told.status_code == 200, told.content
        assert (told.json()["changed"], told.json()["superseded"]) == (changed, 0)
        assert told.json()["now"]
    assert set(Label.objects.values_list("column", "value")) == {(0, "yes"), (1, "no")}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"row": "0"}, "row"),
        ({"row": -1}, "row"),
        ({"row": 0.5}, "row"),
        ({"row": True}, "row"),
        ({"row": 2**31}, "row"),
        ({"column": None}, "column"),
        ({"image": 10**30}, "image"),
        ({"structure": "Rings"}, "structure"),
        ({"value": "maybe"}, "value"),
        ({"value": ""}, "value"),
        ({"value": []}, "value"),
        ({"event": "first"}, "event"),
        ({"event": 7}, "event"),
        ({"at": "yesterday"}, "at"),
        ({"at": 1714560000}, "at"),
        ({"at": "2026-02-31T00:00:00Z"}, "at"),
        ({"took_ms": -5}, "took_ms"),
        ({"suggested": "yes"}, "suggested"),
    ],
)
def test_what_is_wrong_in_an_answer_is_named_and_nothing_is_written(
    image: Image, rings: Structure, alice: User, wrong: dict[str, Any], named: str
) -> None:
    body = {"answers": [_answer(image, rings), _answer(image, rings, column=1) | wrong]}
    told = _post(image, alice, "answers", body)
    assert told.status_code == 400
    assert told.json()["detail"].startswith(f"answers: Answer 1: {named}:")
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"answers": "all"},
        {"answers": []},
        {"answers": [7]},
        {"answers": [{}]},
        {"answers": [{}] * 10_001},
    ],
)
def test_what_is_no_batch_is_refused(image: Image, alice: User, body: Any) -> None:
    told = _post(image, alice, "answers", body)
    assert told.status_code == 400
    assert told.json()["detail"]


@pytest.mark.parametrize("more", [{"clock": "noon"}, {"grid": 32}, {"grid": {"patch_size": "a"}}])
def test_a_wrong_clock_or_grid_is_refused(
    image: Image, rings: Structure, alice: User, more: dict[str, Any]
) -> None:
    told = _post(image, alice, "answers", {"answers": [_answer(image, rings)]} | more)
    assert told.status_code == 400
    assert not Label.objects.exists()


def test_answers_of_one_person_do_not_become_those_of_whoever_is_signed_in_by_now(
    image: Image, rings: Structure, alice: User
) -> None:
    body = {"answers": [_answer(image, rings)], "by": alice.pk}
    manager = image.dataset.created_by
    told = _post(image, manager, "answers", body)
    assert told.status_code == 403
    assert f"{manager.username} is signed in by now" in told.json()["detail"]
    assert not Label.objects.exists()
    assert _post(image, alice, "answers", body).status_code == 200
    assert Label.objects.get().annotator == alice


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z"])
def test_a_time_that_no_clock_tells_is_refused(
    image: Image, rings: Structure, alice: User, time: str
) -> None:
    answer = _answer(image, rings)
    for body in ({"answers": [answer | {"at": time}]}, {"answers": [answer], "clock": time}):
        told = _post(image, alice, "answers", body)
        assert told.status_code == 400
        assert "before 1970" in told.json()["detail"]
    assert not Label.objects.exists()


def test_answers_about_another_grid_are_a_conflict(
    image: Image, rings: Structure, alice: User
) -> None:
    body = {"answers": [_answer(image, rings)], "grid": {"patch_size": 64, "overlap": 0}}
    assert _post(image, alice, "answers", body).status_code == 409


def test_where_a_structure_is_gone_the_others_can_be_sent_again(
    image: Image, rings: Structure, alice: User
) -> None:
    gone = make_structure(project=image.dataset.project)
    answers = [_answer(image, rings), _answer(image, gone)]
    delete_structure(by=image.dataset.created_by, structure=gone)
    told = _post(image, alice, "answers", {"answers": answers})
    assert told.status_code == 400
    assert "deleted meanwhile" in told.json()["detail"]
    refused = told.json()["refused"]
    assert refused == [answers[1]["event"]]
    left = [answer for answer in answers if answer["event"] not in refused]
    assert _post(image, alice, "answers", {"answers": left}).json()["changed"] == 1


def test_10000_answers_are_taken_at_once(rings: Structure, alice: User) -> None:
    dataset = make_dataset(project=rings.project, patch_size=16)
    wide = make_image(dataset=dataset, height=1600, width=1600)
    answers = [
        _answer(wide, rings, row=row, column=column) for row in range(100) for column in range(100)
    ]
    assert _post(wide, alice, "answers", {"answers": answers}).json()["changed"] == 10_000
    assert LabelChange.objects.count() == 10_000


def test_patches_are_asked_for_answered_and_given_back(
    image: Image, rings: Structure, alice: User
) -> None:
    about = {"structure": rings.pk, "page": "one"}
    handed = _post(image, alice, "next", {**about, "count": 4}).json()
    assert [(one["row"], one["column"]) for one in handed["patches"]] == [
        (0, 0), (0, 1), (0, 2), (1, 0),
    ]  # fmt: skip
    assert {one["score"] for one in handed["patches"]} == {None}
    assert (handed["left"], handed["kept"]) == (2, [])
    keep = [{key: one[key] for key in ("image", "row", "column")} for one in handed["patches"][:1]]
    again = _post(image, alice, "next", {**about, "count": 0, "keep": keep}).json()
    assert again["kept"] == keep
    assert _post(image, alice, "release", {**about, "page": "two"}).json() == {"released": 0}
    assert _post(image, alice, "release", about).json() == {"released": 1}
    unnameable = _post(image, alice, "next", {**about, "page": "x" * 37})
    assert unnameable.status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [{"count": 401}, {"count": -1}, {"order": "best"}, {"keep": [{"image": 1}]}, {"seed": -3}],
)
def test_a_question_for_patches_that_is_wrong_is_refused(
    image: Image, rings: Structure, alice: User, wrong: dict[str, Any]
) -> None:
    told = _post(image, alice, "next", {"structure": rings.pk} | wrong)
    assert told.status_code == 400
    assert told.json()["detail"]


def test_patches_of_a_foreign_structure_are_not_handed_out(image: Image, alice: User) -> None:
    told = _post(image, alice, "next", {"structure": make_structure().pk})
    assert told.status_code == 404


def test_the_rule_and_the_plan_are_changed_by_managers(image: Image) -> None:
    client = client_of(image.dataset.created_by)
    address = f"/api/projects/{image.dataset.project_id}/consensus/"
    changed = client.patch(address, {"consensus": "posterior", "blind": False}, format="json")
    assert changed.json() == {
        "blind": False, "consensus": "posterior", "consensus_probability": 0.9,
    }  # fmt: skip
    assert not Project.objects.get().blind
    for wrong in ({"consensus": "loudest"}, {"consensus_probability": 0.5}):
        assert client.patch(address, wrong, format="json").status_code == 400
    plan = f"/api/datasets/{image.dataset_id}/plan/"
    assert client.get(plan).json()["answers_wanted"] == 1
    wanted = {"answers_wanted": 3, "shared_fraction": 0.5}
    assert client.put(plan, wanted, format="json").json()["shared_fraction"] == 0.5
    assert client.put(plan, wanted | {"answers_wanted": 10}, format="json").status_code == 400


def test_who_asks_for_patches_of_a_structure_that_is_gone_reads_a_sentence(
    image: Image, rings: Structure, alice: User
) -> None:
    delete_structure(by=image.dataset.created_by, structure=Structure.objects.get(pk=rings.pk))
    told = _post(image, alice, "next", {"structure": rings.pk, "count": 2})
    assert told.status_code == 404
    assert told.json()["detail"].startswith("This is not there: it may have been deleted")
