"""Watching, cancelling, repeating and downloading."""

import io
import zipfile

import pytest

from inference.models import Run
from tests.factories import make_model, make_run
from tests.inference.api.runs.asking import annotator, get, post
from tests.inference.api.world import World
from tests.support.clients import client_of
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


def test_a_waiting_run_is_cancelled_and_started_again(world: World) -> None:
    address = f"runs/{world.queued.pk}"
    cancelled = post(world, f"{address}/cancel/").json()
    assert (cancelled["state"], cancelled["can_cancel"], cancelled["can_retry"]) == (
        "cancelled",
        False,
        True,
    )
    again = post(world, f"{address}/retry/").json()
    assert (again["state"], again["finished_at"]) == ("queued", None)


def test_a_run_that_is_asked_to_stop_cannot_be_asked_again(world: World) -> None:
    run = make_run(dataset=world.dataset, state=Run.State.RUNNING)
    shown = post(world, f"runs/{run.pk}/cancel/").json()
    assert (shown["state"], shown["can_cancel"]) == ("running", False)


def test_a_run_that_is_done_does_not_start_again(world: World) -> None:
    answer = post(world, f"runs/{world.export.pk}/retry/")
    assert answer.status_code == 400
    assert "failed or was cancelled" in answer.json()["detail"]


def test_a_failed_run_shows_its_error(world: World) -> None:
    shown = get(world, f"runs/{world.failed.pk}/").json()
    assert (shown["state"], shown["error"], shown["can_retry"]) == (
        "failed",
        "The disk is full.",
        True,
    )


def test_an_export_is_downloaded_under_the_name_of_its_data_set(world: World) -> None:
    world.dataset.name = "Montag: Zellen / 1"
    world.dataset.save()
    run = world.export
    run.folder.mkdir(parents=True)
    with zipfile.ZipFile(run.bundle, "w") as file:
        file.writestr("README.txt", "content")
    client = client_of(annotator(world))
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
        answer = get(world, f"runs/{run.pk}/download/")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "This run has made no file."


def test_models_are_listed_newest_first_with_their_structures(world: World) -> None:
    newer = make_model(dataset=world.dataset, structures=[world.unused, world.structure])
    first, second = get(world, f"datasets/{world.dataset.pk}/models/").json()
    assert (first["id"], first["number"], first["segmented_images"]) == (newer.pk, 2, 0)
    assert [one["id"] for one in first["structures"]] == [world.unused.pk, world.structure.pk]
    assert (second["id"], second["segmented_images"]) == (world.model.pk, 1)
    assert get(world, f"models/{newer.pk}/").json() == first


@pytest.mark.parametrize("what", ["runs", "models"])
def test_a_longer_list_takes_no_more_queries(world: World, what: str) -> None:
    counts = []
    address = f"/api/datasets/{world.dataset.pk}/{what}/"
    for more in (1, 10):
        for _ in range(more):
            make_model(dataset=world.dataset, structures=[world.structure, world.unused])
        rows, count = queries_of(client_of(annotator(world)), address)
        assert rows > more
        counts.append(count)
    assert counts[0] == counts[1]
