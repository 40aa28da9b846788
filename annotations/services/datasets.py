"""Making, changing and deleting data sets."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from annotations.errors import Rejected
from annotations.models import Dataset, Label, Project, Projection, Role, User
from annotations.services.access import require_role
from annotations.services.grids import (
    check_grid,
    forget_what_is_handed_out,
    refuse_while_reviewed,
)
from annotations.services.holding import hold_patches
from annotations.services.projects import remove_folders
from annotations.services.queueing import REDRAW_THUMBNAILS, enqueue
from annotations.services.saving import cleaned_name, unique_name

VIEW = ("projection", "plane_z", "plane_t", "used_channels")


def create_dataset(
    *,
    by: User,
    project: Project,
    name: str,
    patch_size: int,
    overlap: int = 0,
    description: str = "",
    **view: Any,
) -> Dataset:
    """Make a data set; `view` is what of its images to work on, as in `set_view`."""
    require_role(user=by, project=project, role=Role.MANAGER)
    check_grid(patch_size=patch_size, overlap=overlap)
    dataset = Dataset(
        project=project,
        name=cleaned_name(name),
        patch_size=patch_size,
        overlap=overlap,
        description=description,
        created_by=by,
    )
    _see(dataset, view)
    with unique_name("data set"):
        dataset.save(force_insert=True)
    return dataset


@transaction.atomic
def update_dataset(
    *,
    by: User,
    dataset: Dataset,
    name: str,
    description: str,
    patch_size: int,
    overlap: int | None = None,
    **view: Any,
) -> Dataset:
    """Change a data set; its grid only while no answer depends on it: else `change_grid`.

    `view` is what of its images to work on from now on: projection ("plane" or "max"), plane_z
    (None: the middle), plane_t, used_channels (indices, empty: all). What it leaves out stays.
    """
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    # No answer can arrive between the look and the change.
    hold_patches([dataset.pk])
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    _set_grid(dataset, patch_size, dataset.overlap if overlap is None else overlap)
    dataset.name = cleaned_name(name)
    dataset.description = description
    before = _shown(dataset)
    _see(dataset, view)
    with unique_name("data set"):
        dataset.save()
    if _shown(dataset) != before:
        transaction.on_commit(lambda: enqueue(REDRAW_THUMBNAILS, dataset.pk))
    return dataset


@transaction.atomic
def delete_dataset(*, by: User, dataset: Dataset) -> None:
    """Delete the data set with its images, labels, models and results, files included."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    hold_patches([dataset.pk])
    # Held, so that no image arrives whose files nobody would remove.
    Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
    folders = [dataset.folder, *(image.folder for image in dataset.images.all())]
    dataset.delete()
    transaction.on_commit(lambda: remove_folders(folders))


def _set_grid(dataset: Dataset, patch_size: int, overlap: int) -> None:
    check_grid(patch_size=patch_size, overlap=overlap)
    changed = (patch_size, overlap) != (dataset.patch_size, dataset.overlap)
    if changed and Label.objects.filter(image__dataset=dataset).exists():
        raise Rejected(
            "The patch size is fixed once patches are labelled: the answers are about these "
            "patches. Change the grid under Settings, which keeps them.",
            field="patch_size",
        )
    if changed:
        refuse_while_reviewed(dataset)
        forget_what_is_handed_out(dataset)
    dataset.patch_size, dataset.overlap = patch_size, overlap


def _shown(dataset: Dataset) -> tuple[Any, ...]:
    """What thumbnails are of."""
    return dataset.projection, dataset.plane_z, dataset.plane_t


def _see(dataset: Dataset, view: dict[str, Any]) -> None:
    if unknown := set(view) - set(VIEW):
        raise TypeError(f"Not part of a view: {', '.join(sorted(unknown))}")
    for field, value in view.items():
        setattr(dataset, field, value)
    _check_view(dataset)


def _check_view(dataset: Dataset) -> None:
    if dataset.projection not in Projection.values:
        raise Rejected("Work on one plane or on the maximum.", field="projection")
    if (dataset.plane_z or 0) < 0 or dataset.plane_t < 0:
        raise Rejected("Planes and time points are counted from 0.", field="plane_z")
    channels = _checked_channels(dataset.used_channels)
    if dataset.pk and channels != Dataset.objects.get(pk=dataset.pk).used_channels:
        _refuse_missing(dataset, channels)
    dataset.used_channels = channels


def _checked_channels(channels: Sequence[int]) -> list[int]:
    whole = all(type(index) is int and index >= 0 for index in channels)
    if not whole or len(set(channels)) != len(channels):
        raise Rejected("Name each channel once, counted from 0.", field="used_channels")
    return sorted(channels)


def _refuse_missing(dataset: Dataset, channels: Sequence[int]) -> None:
    """An image without one of the channels could be neither labelled nor segmented."""
    for name, has in dataset.images.ready().values_list("name", "channels"):
        if channels and len(has) <= channels[-1]:
            raise Rejected(
                f"{name} has {len(has)} channel{'s' if len(has) != 1 else ''}, so channel "
                f"{channels[-1] + 1} cannot be used. Choose others, or move the image.",
                field="used_channels",
            )
