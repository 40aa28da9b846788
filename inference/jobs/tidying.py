"""Results that a killed worker left without a row."""

from pathlib import Path

from django.conf import settings

from annotations import storage
from annotations.jobs.tidying import is_key, old_in
from inference.models import Segmentation


def tidy_segmentations() -> None:
    """Remove folders of results, and their maps in a bucket, whose row never came or is gone.

    A result has its folder before its map is in the bucket, and longer than it.
    """
    for image in old_in(Path(settings.MEDIA_ROOT) / "images"):
        found = list(old_in(image / "segmentations"))
        if not found or not is_key(image.name):
            continue
        rows = Segmentation.objects.filter(image__key=image.name)
        known = {str(key) for key in rows.values_list("key", flat=True)}
        for folder in found:
            if folder.name not in known:
                storage.remove(folder)
