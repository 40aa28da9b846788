"""What is known of an image from elsewhere, kept to compare results with."""

import shutil
import uuid
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from annotations.errors import Rejected
from annotations.models import Image, Reference, Role, Structure, User
from annotations.services.access import require_role
from annotations.services.projects import remove_folders

if TYPE_CHECKING:
    from annotations.imaging.outlines.shapes import Labels


def keep_reference(
    by: User, image: Image, structure: Structure, name: str, origin: str, labels: "Labels"
) -> Reference:
    """Files first, under a fresh key, then the row that points at them."""
    draft = Reference(image=image, structure=structure, key=uuid.uuid4())
    try:
        _write(labels, draft)
        with transaction.atomic():
            return _replace(by, draft, name, origin, labels)
    except BaseException:
        shutil.rmtree(draft.folder, ignore_errors=True)
        raise


def delete_reference(*, by: User, reference: Reference) -> None:
    require_role(user=by, project=reference.image.dataset.project, role=Role.MANAGER)
    folder = reference.folder
    with transaction.atomic():
        reference.delete()
        transaction.on_commit(lambda: remove_folders([folder]))


def _replace(by: User, draft: Reference, name: str, origin: str, labels: "Labels") -> Reference:
    # Held, so that the image is not deleted between the look and the write.
    if Image.objects.select_for_update().filter(pk=draft.image_id).first() is None:
        raise Rejected(f"{draft.image.name} has been deleted.")
    rows = Reference.objects.select_for_update()
    old = rows.filter(image=draft.image, structure=draft.structure).first()
    former = [old.folder] if old else []
    values = {
        "key": draft.key,
        "origin": origin,
        "name": name,
        "object_count": int(labels.max(initial=0)),
        "area_px": int(np.count_nonzero(labels)),
        "created_by": by,
    }
    kept, _ = Reference.objects.update_or_create(
        image=draft.image, structure=draft.structure, defaults=values
    )
    transaction.on_commit(lambda: remove_folders(former))
    return kept


def _write(labels: "Labels", draft: Reference) -> None:
    from annotations.imaging.header import ImageHeader
    from annotations.imaging.store.write import write_store

    # float32 counts exactly to 16,777,216, more objects than any image has.
    dtype = "uint16" if labels.max(initial=0) < 2**16 else "float32"
    header = ImageHeader(
        width=labels.shape[1],
        height=labels.shape[0],
        channels=1,
        dtype=dtype,
        channel_names=(draft.structure.name,),
        channel_colours=("FFFFFF",),
        pixel_size_um=draft.image.pixel_size_um,
        is_rgb=False,
        format="labels",
    )
    draft.folder.mkdir(parents=True)
    write_store(labels[np.newaxis].astype(dtype), draft.labels, header=header)
