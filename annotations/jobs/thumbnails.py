"""Small pictures of images: of the plane or maximum that the data set works on."""

from typing import Literal

from annotations import storage
from annotations.imaging.contrast import contrast_limits
from annotations.imaging.store.read import Store, open_store
from annotations.imaging.thumbnail import write_thumbnail
from annotations.imaging.view import View
from annotations.models import Dataset, Image
from annotations.models.dataset import Projection


def draw_thumbnail(image: Image, store: Store) -> None:
    """Draw all channels of an image, as stack or plane like its data set's working view."""
    own = image.dataset
    is_flat = own.projection == Projection.MAX and image.size_z > 1
    projection: Literal["plane", "max"] = "max" if is_flat else "plane"
    shown = store.viewed(View(projection=projection, z=own.plane_z, t=own.plane_t))
    limits = shown.limits if is_flat else contrast_limits(store, is_rgb=image.is_rgb)
    colours = [channel["colour"] for channel in image.channels]
    write_thumbnail(shown, image.thumbnail, limits=limits, colours=colours, is_rgb=image.is_rgb)


def redraw_thumbnails(dataset_id: int) -> None:
    """Draw those of a data set's stacks anew, after another plane was chosen. Safe to run twice."""
    dataset = Dataset.objects.filter(pk=dataset_id).first()
    if dataset is None:
        return
    stacks = dataset.images.ready().exclude(size_z=1, size_t=1).select_related("dataset")
    for image in stacks.iterator():
        if storage.exists(image.store) and image.folder.is_dir():
            draw_thumbnail(image, open_store(storage.place(image.store)))
