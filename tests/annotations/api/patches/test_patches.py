"""The gallery's patches and pictures over HTTP."""

import io
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image as Picture

from annotations.models import Dataset, Image, LeftOut, Structure, User
from annotations.services.scores import keep_scores
from tests.factories import make_dataset, make_image, make_label, make_structure
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _get(user: User, dataset: Dataset, what: str, **query: Any) -> Any:
    return client_of(user).get(f"/api/datasets/{dataset.pk}/{what}/", query)


def test_a_page_of_patches_names_the_next(dataset: Dataset, rings: Structure, bob: User) -> None:
    image = dataset.images.get()
    make_label(image=image, structure=rings, annotator=bob, column=1)
    first = _get(bob, dataset, "patches", structure=rings.pk, limit=2).json()
    rest = {"score": None, "said": None, "left_out": False}
    assert first["patches"] == [
        {"image": image.pk, "row": 0, "column": 0, "value": None} | rest,
        {"image": image.pk, "row": 0, "column": 1, "value": "yes"} | rest,
    ]
    assert first["total"] == 6
    last = _get(bob, dataset, "patches", structure=rings.pk, limit=9, cursor=first["next"]).json()
    assert len(last["patches"]) == 4
    assert last["next"] is None


def test_scores_go_to_managers_alone_while_the_project_is_blind(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    image = dataset.images.get()
    keep_scores(image=image, scores={rings.pk: np.full((2, 3), 0.25)}, source="Model 1")
    alice = dataset.project.created_by
    for who, score in ((alice, 0.25), (bob, None)):
        shown = _get(who, dataset, "patches", structure=rings.pk).json()["patches"]
        assert {one["score"] for one in shown} == {score}
    refused = _get(bob, dataset, "patches", structure=rings.pk, min=0.5)
    assert refused.status_code == 403
    assert "blind" in refused.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "?"},
        {"order": "best"},
        {"limit": 0},
        {"limit": 10**9},
        {"min": 2},
        {"seed": -1},
        {"order": "similar"},
        {"like": "1:2"},
        {"like": "9" * 30 + ":0:0"},
        {"cursor": "nowhere"},
    ],
)
def test_a_wrong_question_is_answered_with_400(
    dataset: Dataset, rings: Structure, bob: User, query: dict[str, Any]
) -> None:
    answer = _get(bob, dataset, "patches", structure=rings.pk, **query)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_structure_that_is_not_there_is_answered_with_404(dataset: Dataset, bob: User) -> None:
    assert _get(bob, dataset, "patches", structure=10**6).status_code == 404


def _atlas(user: User, image: Image, cells: str, **query: Any) -> Any:
    return _get(user, image.dataset, "atlas", cells=cells, **query)


def test_an_atlas_holds_the_patches_in_the_order_asked_for(image: Image, bob: User) -> None:
    cells = f"{image.pk}:0:1,{image.pk}:9:9,{image.pk}:0:0"
    answer = _atlas(bob, image, cells, size=32)
    assert answer.status_code == 200
    sheet = np.asarray(Picture.open(io.BytesIO(answer.content)))
    assert sheet.shape == (32, 320, 3)
    disc, gone, edge = (sheet[:, 32 * number : 32 * number + 32].mean() for number in range(3))
    assert disc > 2 * edge > 10
    assert gone < 2


def test_an_atlas_is_drawn_as_its_reader_sees_the_images(image: Image, bob: User) -> None:
    plain = _atlas(bob, image, f"{image.pk}:0:1")
    channel = {
        "name": "Channel 1",
        "colour": "ff0000",
        "visible": True,
        "low": 0,
        "high": 2000,
        "gamma": 1,
    }
    address = f"/api/datasets/{image.dataset_id}/display/"
    before = _get(bob, image.dataset, "look").json()["look"]
    saved = client_of(bob).put(address, {"channels": [channel]}, format="json")
    assert saved.status_code == 200
    assert _get(bob, image.dataset, "look").json()["look"] != before
    red = np.asarray(Picture.open(io.BytesIO(_atlas(bob, image, f"{image.pk}:0:1").content)))
    assert red[:64, :64, 0].max() > 80
    assert red[:64, :64, 2].max() < 40
    assert plain.content != _atlas(bob, image, f"{image.pk}:0:1").content


def test_a_browser_that_has_the_atlas_is_told_so(image: Image, bob: User) -> None:
    first = _atlas(bob, image, f"{image.pk}:0:0")
    again = client_of(bob).get(
        f"/api/datasets/{image.dataset_id}/atlas/",
        {"cells": f"{image.pk}:0:0"},
        headers={"If-None-Match": first["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "query",
    [
        {"cells": ""},
        {"cells": "1"},
        {"cells": "a:b:c"},
        {"cells": "1:0:-1"},
        {"cells": ",".join(["1:0:0"] * 101)},
        {"cells": "1:0:0", "size": "5"},
        {"cells": "1:0:0", "size": "x"},
        {"cells": "1:0:0", "size": "99999999999"},
    ],
)
def test_a_wrong_atlas_is_answered_with_400(
    dataset: Dataset, bob: User, query: dict[str, Any]
) -> None:
    answer = _get(bob, dataset, "atlas", **query)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_patches_of_images_elsewhere_stay_black(image: Image, bob: User) -> None:
    foreign = make_image(dataset=make_dataset(), store=True)
    sheet = np.asarray(Picture.open(io.BytesIO(_atlas(bob, image, f"{foreign.pk}:0:0").content)))
    assert sheet.max() < 3


def test_a_word_changes_when_a_model_looks_again(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    before = _get(bob, dataset, "scores", structure=rings.pk).json()["version"]
    assert _get(bob, dataset, "scores", structure=rings.pk).json()["version"] == before
    scores = np.full((2, 3), 0.5, np.float32)
    for _ in range(2):
        keep_scores(image=dataset.images.get(), scores={rings.pk: scores}, source="Model 1")
        after = _get(bob, dataset, "scores", structure=rings.pk).json()["version"]
        assert after != before
        before = after


def test_scores_of_another_projects_structure_are_not_there(dataset: Dataset, bob: User) -> None:
    foreign = make_structure()
    assert _get(bob, dataset, "scores", structure=foreign.pk).status_code == 404


def test_patches_tell_whether_they_are_left_out(
    dataset: Dataset, rings: Structure, bob: User
) -> None:
    image = dataset.images.get()
    LeftOut.objects.create(image=image, row=1, column=2, by=bob, at=timezone.now())
    shown = _get(bob, dataset, "patches", structure=rings.pk).json()["patches"]
    assert [one["left_out"] for one in shown] == [False] * 5 + [True]
