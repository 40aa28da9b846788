"""Many files at once: asked about before they are sent, and looked after."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import Settings

from annotations.jobs.reading import read_upload
from annotations.models import Dataset, Role, Upload
from annotations.services.images.sending import (
    SHOWN,
    Announced,
    arriving,
    dismiss_refused,
    plan_uploads,
)
from annotations.services.images.uploads import receive_piece, start_upload
from tests.factories import make_dataset, make_image, make_member, make_upload
from tests.support.pictures import png

pytestmark = pytest.mark.django_db
FILE = Announced("a.png", 10, 1_700_000_000_123)


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_dataset()


def _here(dataset: Dataset, *files: Announced) -> list[int]:
    return plan_uploads(by=dataset.created_by, dataset=dataset, files=files).here


def _sent(dataset: Dataset, seed: int = 0) -> tuple[Upload, Announced]:
    """A file that was sent whole, and what the sender's disk says of it."""
    content = png(seed=seed)
    upload = make_upload(
        dataset=dataset, content=content, state=Upload.State.RECEIVED, details={"modified": 5}
    )
    return upload, Announced("a.png", len(content), 5)


def test_a_new_file_is_sent(dataset: Dataset) -> None:
    assert _here(dataset, FILE) == []


def test_the_date_of_a_file_is_kept_as_it_is_announced(dataset: Dataset) -> None:
    details = {"modified": "1700000000123", "well": "B2"}
    upload = start_upload(
        by=dataset.created_by, dataset=dataset, name="a.png", byte_count=10, details=details
    )
    assert upload.details["modified"] == 1_700_000_000_123
    assert upload.details["well"] == "B2"
    other = start_upload(
        by=dataset.created_by,
        dataset=dataset,
        name="a.png",
        byte_count=9,
        details={"modified": "x"},
    )
    assert "modified" not in other.details


def test_what_was_sent_need_not_be_sent_again_while_it_is_here(dataset: Dataset) -> None:
    upload, file = _sent(dataset)
    assert _here(dataset, FILE, file) == [1]
    assert len(read_upload(upload.pk)) == 1
    assert _here(dataset, FILE, file) == [1]
    dataset.images.get().delete()
    assert _here(dataset, FILE, file) == []


def test_another_date_size_or_name_is_another_file(dataset: Dataset) -> None:
    _, file = _sent(dataset)
    others = [
        Announced(file.name, file.size, 6),
        Announced(file.name, file.size + 1, 5),
        Announced("b.png", file.size, 5),
    ]
    assert _here(dataset, *others) == []


def test_what_somebody_else_or_another_data_set_has_is_sent(dataset: Dataset) -> None:
    _, file = _sent(dataset)
    other = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    assert plan_uploads(by=other, dataset=dataset, files=[file]).here == []
    assert _here(make_dataset(project=dataset.project), file) == []


def test_a_refused_or_unfinished_file_is_sent_again(dataset: Dataset) -> None:
    upload, file = _sent(dataset)
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVING)
    assert _here(dataset, file) == []
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.REFUSED, error="No.")
    assert _here(dataset, file) == []


def test_files_that_fit_one_by_one_but_not_together_are_refused_before(
    dataset: Dataset, settings: Settings
) -> None:
    settings.PROJECT_QUOTA_BYTES = 25
    files = [Announced(f"{n}.png", 10, 0) for n in range(3)]
    plan = plan_uploads(by=dataset.created_by, dataset=dataset, files=files)
    assert plan.refusal.startswith("3 files: the project's images would be more than")
    assert plan_uploads(by=dataset.created_by, dataset=dataset, files=files[:2]).refusal == ""
    settings.PROJECT_QUOTA_BYTES = 0
    settings.MIN_FREE_DISK_BYTES = 2**60
    plan = plan_uploads(by=dataset.created_by, dataset=dataset, files=files[:1])
    assert plan.refusal.startswith("0.png: the server's disk has no room")
    assert not Upload.objects.exists()


def test_files_that_are_here_need_no_room(dataset: Dataset, settings: Settings) -> None:
    _, file = _sent(dataset)
    settings.MIN_FREE_DISK_BYTES = 2**60
    plan = plan_uploads(by=dataset.created_by, dataset=dataset, files=[file])
    assert (plan.here, plan.refusal) == ([0], "")


def test_refused_files_come_first_and_all_are_counted(dataset: Dataset) -> None:
    for _ in range(SHOWN):
        make_upload(dataset=dataset, state=Upload.State.RECEIVED)
    make_upload(dataset=dataset, name="bad.png", state=Upload.State.REFUSED, error="No image.")
    make_upload(dataset=dataset, state=Upload.State.DONE)
    make_upload(dataset=dataset, by=make_member(project=dataset.project).user)
    found = arriving(dataset=dataset, user=dataset.created_by)
    assert found.counts == {"refused": 1, "receiving": 0, "received": SHOWN}
    assert len(found.uploads) == SHOWN
    assert found.uploads[0].name == "bad.png"


def test_a_refused_file_that_is_sent_again_is_listed_once(dataset: Dataset) -> None:
    for modified in (5, 6):
        make_upload(
            dataset=dataset,
            byte_count=10,
            state=Upload.State.REFUSED,
            error="No image.",
            details={"modified": modified},
        )
    start_upload(
        by=dataset.created_by,
        dataset=dataset,
        name="a.png",
        byte_count=10,
        details={"modified": "5"},
    )
    states = Upload.objects.values_list("details__modified", "state")
    assert set(states) == {(5, "receiving"), (6, "refused")}


def test_what_a_reload_began_in_vain_goes_when_the_file_is_here(dataset: Dataset) -> None:
    def begun(modified: int, content: bytes = b"") -> Upload:
        details = {"modified": modified}
        return make_upload(dataset=dataset, byte_count=4, content=content, details=details)

    begun(5)
    other, partly = begun(6), begun(5, b"ab")
    upload = begun(5)
    later = begun(5)
    receive_piece(by=dataset.created_by, upload=upload, offset=0, content=io.BytesIO(b"abcd"))
    assert set(Upload.objects.all()) == {other, partly, upload, later}


def test_all_refused_files_are_dismissed_at_once(dataset: Dataset) -> None:
    for _ in range(3):
        make_upload(dataset=dataset, state=Upload.State.REFUSED, error="No image.")
    kept = make_upload(dataset=dataset, byte_count=9)
    other = make_member(project=dataset.project).user
    foreign = make_upload(dataset=dataset, by=other, state=Upload.State.REFUSED, error="No image.")
    assert dismiss_refused(by=dataset.created_by, dataset=dataset) == 3
    assert set(Upload.objects.all()) == {kept, foreign}


def test_viewers_plan_and_dismiss_nothing(dataset: Dataset) -> None:
    viewer = make_member(project=dataset.project, role=Role.VIEWER).user
    with pytest.raises(PermissionDenied):
        plan_uploads(by=viewer, dataset=dataset, files=[FILE])
    with pytest.raises(PermissionDenied):
        dismiss_refused(by=viewer, dataset=dataset)


def test_an_image_of_the_same_name_does_not_stand_for_a_file(dataset: Dataset) -> None:
    make_image(dataset=dataset, name=FILE.name)
    assert _here(dataset, FILE) == []
