"""Rows about images and files that the database must refuse, by the constraint that does."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from annotations.models import (
    DisplaySettings,
    Errand,
    Image,
    Reference,
    Upload,
)
from tests.factories import (
    make_dataset,
    make_errand,
    make_image,
    make_structure,
    make_upload,
    make_user,
)


def _an_unknown_image_state() -> None:
    Image.objects.filter(pk=make_image().pk).update(state="lost")


def _an_axis_that_there_is_not() -> None:
    make_image(page_axis="Q")


def _an_unknown_upload_state() -> None:
    Upload.objects.filter(pk=make_upload().pk).update(state="lost")


def _an_upload_of_less_than_nothing() -> None:
    make_upload(byte_count=-1)


def _an_upload_refused_without_a_reason() -> None:
    make_upload(state=Upload.State.REFUSED)


def _an_unknown_split() -> None:
    Image.objects.filter(pk=make_image().pk).update(split="holdout")


def _the_same_bytes_twice() -> None:
    first = make_image()
    second = make_image(dataset=first.dataset)
    Image.objects.filter(pk=second.pk).update(sha256=first.sha256)


def _the_same_name_twice() -> None:
    first = make_image(name="a.tif")
    make_image(dataset=first.dataset, name="a.tif")


def _an_image_without_pixels() -> None:
    make_image(height=0)


def _a_refusal_without_a_reason() -> None:
    make_image(state=Image.State.REFUSED)


def _a_ready_image_with_an_error() -> None:
    make_image(error="The file is empty.")


def _two_displays_of_one_person() -> None:
    dataset, user = make_dataset(), make_user()
    DisplaySettings.objects.create(dataset=dataset, user=user)
    DisplaySettings.objects.create(dataset=dataset, user=user)


def _reference(origin: str) -> Reference:
    image = make_image()
    return Reference.objects.create(
        image=image,
        structure=make_structure(project=image.dataset.project),
        origin=origin,
        name="nuclei.png",
        object_count=3,
        area_px=70,
        created_by=make_user(),
    )


def _two_references_of_one_structure() -> None:
    first = _reference(Reference.Origin.MASK)
    first.pk, first.key = None, uuid4()
    first.save(force_insert=True)


def _an_unknown_origin_of_a_reference() -> None:
    _reference("guess")


def _errand(made: Errand.State = Errand.State.QUEUED, **fields: Any) -> None:
    Errand.objects.filter(pk=make_errand(state=made).pk).update(**fields)


def _two_changes_of_one_grid() -> None:
    first = make_errand(kind=Errand.Kind.GRID)
    make_errand(kind=Errand.Kind.GRID, state=Errand.State.RUNNING, dataset=first.dataset)


REFUSED_OF_IMAGES: list[tuple[str, Callable[[], None]]] = [
    ("image_bytes_are_unique", _the_same_bytes_twice),
    ("image_name_is_unique", _the_same_name_twice),
    ("image_state_is_known", _an_unknown_image_state),
    ("image_page_axis_is_known", _an_axis_that_there_is_not),
    ("upload_state_is_known", _an_unknown_upload_state),
    ("upload_has_a_size", _an_upload_of_less_than_nothing),
    ("upload_refused_for_a_reason", _an_upload_refused_without_a_reason),
    ("image_split_is_known", _an_unknown_split),
    ("image_has_pixels", _an_image_without_pixels),
    ("image_refused_for_a_reason", _a_refusal_without_a_reason),
    ("image_refused_for_a_reason", _a_ready_image_with_an_error),
    ("one_display_per_dataset_and_person", _two_displays_of_one_person),
    ("one_reference_per_structure", _two_references_of_one_structure),
    ("reference_origin_is_known", _an_unknown_origin_of_a_reference),
    ("errand_kind_is_known", lambda: _errand(kind="stroll")),
    ("errand_state_is_known", lambda: _errand(state="lost", finished_at=timezone.now())),
    ("errand_progress_is_a_share", lambda: _errand(progress=1.1)),
    ("errand_running_is_held", lambda: _errand(Errand.State.RUNNING, claim=None)),
    ("errand_ended_has_an_end", lambda: _errand(Errand.State.DONE, finished_at=None)),
    ("errand_failed_for_a_reason", lambda: _errand(Errand.State.FAILED, error="")),
    ("one_grid_change_at_a_time", _two_changes_of_one_grid),
]
