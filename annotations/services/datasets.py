"""Making, changing and deleting data sets."""

from django.db import transaction

from annotations.errors import Rejected
from annotations.models import Dataset, Label, Project, Role, User
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.projects import remove_folders
from annotations.services.saving import cleaned_name, unique_name


def create_dataset(
    *, by: User, project: Project, name: str, patch_size: int, description: str = ""
) -> Dataset:
    require_role(user=by, project=project, role=Role.MANAGER)
    _check_patch_size(patch_size)
    with unique_name("data set"):
        return Dataset.objects.create(
            project=project,
            name=cleaned_name(name),
            patch_size=patch_size,
            description=description,
            created_by=by,
        )


@transaction.atomic
def update_dataset(
    *, by: User, dataset: Dataset, name: str, description: str, patch_size: int
) -> Dataset:
    """Change a data set; the patch size only while no answer depends on it."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    _check_patch_size(patch_size)
    # So that no answer arrives between the look and the change.
    hold_patches([dataset.pk])
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if patch_size != dataset.patch_size and Label.objects.filter(image__dataset=dataset).exists():
        raise Rejected(
            "The patch size is fixed once patches are labelled: the answers are about these "
            "patches. Make a new data set for another size.",
            field="patch_size",
        )
    dataset.name = cleaned_name(name)
    dataset.description = description
    dataset.patch_size = patch_size
    with unique_name("data set"):
        dataset.save()
    return dataset


@transaction.atomic
def delete_dataset(*, by: User, dataset: Dataset) -> None:
    """Delete the data set with its images, labels, models and results, files included."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    # Held, so that no answer and no image arrives whose files nobody would remove.
    hold_patches([dataset.pk])
    Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
    folders = [dataset.folder, *(image.folder for image in dataset.images.all())]
    dataset.delete()
    transaction.on_commit(lambda: remove_folders(folders))


def _check_patch_size(patch_size: int) -> None:
    if not MIN_PATCH_SIZE <= patch_size <= MAX_PATCH_SIZE:
        raise Rejected(
            f"The patch size is between {MIN_PATCH_SIZE} and {MAX_PATCH_SIZE} px.",
            field="patch_size",
        )
