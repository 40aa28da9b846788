"""Starting, watching, cancelling and downloading over HTTP."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotations.models import Image, Label, User
from inference.models import Run
from tests.factories import make_dataset, make_image, make_model, make_run
from tests.inference.api.world import World, make_world
from tests.support.clients import client_of
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(data_root: Path) -> World:
    return make_world()


def _annotator(world: World) -> User:
    user = world.people["annotator"]
    assert user is not None
    return user


def _post(world: World, address: str, **body: Any) -> Any:
    return client_of(_annotator(world)).post(f"/api/{address}", body, format="json")


def _get(world: World, address: str) -> Any:
    return client_of(_annotator(world)).get(f"/api/{address}")


def test_readiness_tells_counts_and_that_nothing_is_missing(world: World) -> None:
    assert _get(world, f"datasets/{world.dataset.pk}/train/").json() == {
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
    missing = _get(world, f"datasets/{world.dataset.pk}/train/").json()
    answer = _post(world, f"datasets/{world.dataset.pk}/train/")
    assert (missing["ready"], len(missing["missing"])) == (False, 1)
    assert answer.status_code == 400
    assert answer.json()["detail"] == missing["missing"][0]
    assert Run.objects.count() == before


def test_a_training_starts_with_its_choices(world: World) -> None:
    answer = _post(
        world, f"datasets/{world.dataset.pk}/train/", name="First", epochs=3, downscale=2,
        structures=[world.structure.pk], method="paper", start=world.model.pk, members=3,
    )  # fmt: skip
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["kind"], shown["state"], shown["progress"]) == ("train", "queued", 0)
    assert shown["params"] == {
        "name": "First", "epochs": 3, "downscale": 2, "method": "paper", "members": 3,
        "start": world.model.pk, "structures": [world.structure.pk],
    }  # fmt: skip
    assert shown["created_by"] == _annotator(world).username
    assert (shown["can_cancel"], shown["can_retry"], shown["download"]) == (True, False, None)
    assert _get(world, f"runs/{shown['id']}/").json() == shown
    assert _get(world, f"datasets/{world.dataset.pk}/runs/").json()[0] == shown


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
        {"start": "newest"},
    ],
)
def test_a_choice_that_does_not_exist_is_refused(world: World, body: dict[str, Any]) -> None:
    before = Run.objects.count()
    answer = _post(world, f"datasets/{world.dataset.pk}/train/", **body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert Run.objects.count() == before


def test_a_training_starts_from_scratch_and_makes_one_model_unless_told(world: World) -> None:
    params = _post(world, f"datasets/{world.dataset.pk}/train/").json()["params"]
    assert (params["method"], params["start"], params["members"]) == ("refined", None, 1)


@pytest.mark.parametrize("start", [0, 10**30])
def test_a_training_does_not_start_from_a_model_that_is_not_there(world: World, start: int) -> None:
    answer = _post(world, f"datasets/{world.dataset.pk}/train/", start=start)
    assert (answer.status_code, bool(answer.json()["detail"])) == (404, True)


def test_a_training_does_not_start_from_a_model_of_another_data_set(world: World) -> None:
    before = Run.objects.count()
    other = make_model(dataset=make_dataset(project=world.dataset.project))
    answer = _post(world, f"datasets/{world.dataset.pk}/train/", start=other.pk)
    assert answer.status_code == 400
    assert answer.json()["start"] == ["This model belongs to another data set."]
    assert Run.objects.count() == before + 1  # the run that made the other model


def test_segmenting_starts_on_all_images_or_on_those_chosen(world: World) -> None:
    address = f"datasets/{world.dataset.pk}/segment/"
    every = _post(world, address, model=world.model.pk).json()
    one = _post(world, address, model=world.model.pk, images=[world.image.pk]).json()
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
    answer = _post(world, f"datasets/{world.dataset.pk}/{what}/", **body)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert Run.objects.count() == before


@pytest.mark.parametrize("images", [[], [0], [10**30], "all", [None]])
def test_images_that_are_not_there_are_refused(world: World, images: Any) -> None:
    body = {"model": world.model.pk, "images": images}
    answer = _post(world, f"datasets/{world.dataset.pk}/segment/", **body)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_an_image_that_is_not_ready_is_refused(world: World) -> None:
    image = make_image(dataset=world.dataset, state=Image.State.IMPORTING)
    body = {"model": world.model.pk, "images": [image.pk]}
    answer = _post(world, f"datasets/{world.dataset.pk}/segment/", **body)
    assert answer.status_code == 400
    assert "not ready" in answer.json()["images"][0]


def test_a_waiting_run_is_cancelled_and_started_again(world: World) -> None:
    address = f"runs/{world.queued.pk}"
    cancelled = _post(world, f"{address}/cancel/").json()
    assert (cancelled["state"], cancelled["can_cancel"], cancelled["can_retry"]) == (
        "cancelled",
        False,
        True,
    )
    again = _post(world, f"{address}/retry/").json()
    assert (again["state"], again["finished_at"]) == ("queued", None)


def test_a_run_that_is_asked_to_stop_cannot_be_asked_again(world: World) -> None:
    run = make_run(dataset=world.dataset, state=Run.State.RUNNING)
    shown = _post(world, f"runs/{run.pk}/cancel/").json()
    assert (shown["state"], shown["can_cancel"]) == ("running", False)


def test_a_run_that_is_done_does_not_start_again(world: World) -> None:
    answer = _post(world, f"runs/{world.export.pk}/retry/")
    assert answer.status_code == 400
    assert "failed or was cancelled" in answer.json()["detail"]


def test_a_failed_run_shows_its_error(world: World) -> None:
    shown = _get(world, f"runs/{world.failed.pk}/").json()
    assert (shown["state"], shown["error"], shown["can_retry"]) == (
        "failed",
        "The disk is full.",
        True,
    )


def test_a_training_names_the_model_it_made(world: World) -> None:
    assert _get(world, f"runs/{world.model.run_id}/").json()["model"] == world.model.pk


def test_an_export_is_downloaded_under_the_name_of_its_data_set(world: World) -> None:
    world.dataset.name = "Montag: Zellen / 1"
    world.dataset.save()
    run = world.export
    run.folder.mkdir(parents=True)
    with zipfile.ZipFile(run.bundle, "w") as file:
        file.writestr("README.txt", "content")
    client = client_of(_annotator(world))
    address = client.get(f"/api/runs/{run.pk}/").json()["download"]
    answer = client.get(address, headers={"accept": "application/zip"})
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="Montag--Zellen---1-{run.pk}.zip"'
    )
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    assert bundle.read("README.txt") == b"content"


def test_there_is_nothing_to_download_from_other_runs(world: World) -> None:
    for run in (world.queued, world.export):
        answer = _get(world, f"runs/{run.pk}/download/")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "This run has made no file."


def test_models_are_listed_newest_first_with_their_structures(world: World) -> None:
    newer = make_model(dataset=world.dataset, structures=[world.unused, world.structure])
    first, second = _get(world, f"datasets/{world.dataset.pk}/models/").json()
    assert (first["id"], first["number"], first["segmented_images"]) == (newer.pk, 2, 0)
    assert [one["id"] for one in first["structures"]] == [world.unused.pk, world.structure.pk]
    assert (second["id"], second["segmented_images"]) == (world.model.pk, 1)
    assert _get(world, f"models/{newer.pk}/").json() == first


@pytest.mark.parametrize("what", ["runs", "models"])
def test_a_longer_list_takes_no_more_queries(world: World, what: str) -> None:
    counts = []
    address = f"/api/datasets/{world.dataset.pk}/{what}/"
    for more in (1, 10):
        for _ in range(more):
            make_model(dataset=world.dataset, structures=[world.structure, world.unused])
        rows, count = queries_of(client_of(_annotator(world)), address)
        assert rows > more
        counts.append(count)
    assert counts[0] == counts[1]
