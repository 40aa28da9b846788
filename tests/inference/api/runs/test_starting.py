"""Starting trainings and segmentations."""

from typing import Any

import pytest

from annotations.models import Image, Label
from inference.models import Run
from tests.factories import make_dataset, make_image, make_model
from tests.inference.api.runs.asking import annotator, get, post
from tests.inference.api.world import World

pytestmark = pytest.mark.django_db


def test_readiness_tells_counts_and_that_nothing_is_missing(world: World) -> None:
    assert get(world, f"datasets/{world.dataset.pk}/train/").json() == {
        "ready": True,
        "missing": [],
        "structures": [
            {
                "id": world.structure.pk, "name": world.structure.name,
                "colour": world.structure.colour, "yes": 2, "no": 2, "images": 2,
            }
        ],
    }  # fmt: skip


def test_a_training_that_lacks_answers_says_what_is_missing(world: World) -> None:
    Label.objects.filter(image=world.images[1]).delete()
    before = Run.objects.count()
    missing = get(world, f"datasets/{world.dataset.pk}/train/").json()
    answer = post(world, f"datasets/{world.dataset.pk}/train/")
    assert (missing["ready"], len(missing["missing"])) == (False, 1)
    assert answer.status_code == 400
    assert answer.json()["detail"] == missing["missing"][0]
    assert Run.objects.count() == before


def test_a_training_starts_with_its_choices(world: World) -> None:
    answer = post(
        world, f"datasets/{world.dataset.pk}/train/", name="First", epochs=3, downscale=2,
        structures=[world.structure.pk], method="paper", start=world.model.pk, members=3,
        turned=False,
    )  # fmt: skip
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["kind"], shown["state"], shown["progress"]) == ("train", "queued", 0)
    assert shown["params"] == {
        "name": "First", "epochs": 3, "downscale": 2, "method": "paper", "members": 3,
        "turned": False, "start": world.model.pk, "structures": [world.structure.pk],
    }  # fmt: skip
    assert shown["created_by"] == annotator(world).username
    assert (shown["can_cancel"], shown["can_retry"], shown["download"]) == (True, False, None)
    assert get(world, f"runs/{shown['id']}/").json() == shown
    assert get(world, f"datasets/{world.dataset.pk}/runs/").json()[0] == shown


@pytest.mark.parametrize(
    "body",
    [
        {"epochs": 0},
        {"epochs": 2001},
        {"epochs": "many"},
        {"downscale": 3},
        {"method": "magic"},
        {"structures": []},
        {"structures": [0]},
        {"structures": [10**30]},
        {"structures": "all"},
        {"name": "x" * 121},
        {"members": 0},
        {"members": 6},
        {"members": "some"},
        {"turned": "sideways"},
        {"start": "newest"},
    ],
)
def test_a_choice_that_does_not_exist_is_refused(world: World, body: dict[str, Any]) -> None:
    before = Run.objects.count()
    answer = post(world, f"datasets/{world.dataset.pk}/train/", **body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert Run.objects.count() == before


def test_a_training_starts_from_scratch_and_makes_one_model_unless_told(world: World) -> None:
    params = post(world, f"datasets/{world.dataset.pk}/train/").json()["params"]
    assert (params["method"], params["start"], params["members"]) == ("refined", None, 1)


@pytest.mark.parametrize("start", [0, 10**30])
def test_a_training_does_not_start_from_a_model_that_is_not_there(world: World, start: int) -> None:
    answer = post(world, f"datasets/{world.dataset.pk}/train/", start=start)
    assert (answer.status_code, bool(answer.json()["detail"])) == (404, True)


def test_a_training_does_not_start_from_a_model_of_another_data_set(world: World) -> None:
    before = Run.objects.count()
    other = make_model(dataset=make_dataset(project=world.dataset.project))
    answer = post(world, f"datasets/{world.dataset.pk}/train/", start=other.pk)
    assert answer.status_code == 400
    assert answer.json()["start"] == ["This model belongs to another data set."]
    assert Run.objects.count() == before + 1  # the run that made the other model


def test_segmenting_starts_on_all_images_or_on_those_chosen(world: World) -> None:
    address = f"datasets/{world.dataset.pk}/segment/"
    every = post(world, address, model=world.model.pk).json()
    one = post(world, address, model=world.model.pk, images=[world.image.pk]).json()
    assert sorted(every["params"]["images"]) == sorted(image.pk for image in world.images)
    assert one["params"]["images"] == [world.image.pk]
    assert (one["model"], one["kind"]) == (world.model.pk, "segment")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"model": 0}, 404),
        ({"model": 10**30}, 404),
        ({"model": "newest"}, 400),
        ({"model": None}, 400),
    ],
)
@pytest.mark.parametrize("what", ["segment", "export"])
def test_without_a_model_nothing_starts(
    world: World, what: str, body: dict[str, Any], status: int
) -> None:
    before = Run.objects.count()
    answer = post(world, f"datasets/{world.dataset.pk}/{what}/", **body)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert Run.objects.count() == before


@pytest.mark.parametrize("images", [[], [0], [10**30], "all", [None]])
def test_images_that_are_not_there_are_refused(world: World, images: Any) -> None:
    body = {"model": world.model.pk, "images": images}
    answer = post(world, f"datasets/{world.dataset.pk}/segment/", **body)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_an_image_that_is_not_ready_is_refused(world: World) -> None:
    image = make_image(dataset=world.dataset, state=Image.State.IMPORTING)
    body = {"model": world.model.pk, "images": [image.pk]}
    answer = post(world, f"datasets/{world.dataset.pk}/segment/", **body)
    assert answer.status_code == 400
    assert "not ready" in answer.json()["images"][0]


def test_a_training_names_the_model_it_made(world: World) -> None:
    assert get(world, f"runs/{world.model.run_id}/").json()["model"] == world.model.pk
