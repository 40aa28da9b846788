"""Another threshold for one segmentation: mask and objects anew, from the map that is kept."""

from annotations.errors import Rejected
from annotations.imaging.store import open_store
from inference.jobs.keeping import write_objects
from inference.jobs.reporter import Reporter
from inference.masks import mask_of
from inference.models import Run, Segmentation


def rethreshold(run: Run, reporter: Reporter) -> None:
    """Measure the objects again and write the new threshold down."""
    segmentation = _segmentation(run)
    threshold, image = float(run.params["threshold"]), segmentation.image
    reporter.progress(0.1, f"Measuring {image.name}", force=True)
    map_ = open_store(segmentation.map).read(0, image.height, 0, image.width)[0]
    planes = open_store(image.store).read(0, image.height, 0, image.width)
    count = write_objects(segmentation.objects_table, map_, threshold, image, planes)
    Segmentation.objects.filter(pk=segmentation.pk, key=segmentation.key).update(
        threshold=threshold,
        object_count=count,
        area_px=int(mask_of(map_, threshold).sum()),
    )


def _segmentation(run: Run) -> Segmentation:
    rows = Segmentation.objects.select_related("image__dataset")
    segmentation = rows.filter(pk=run.params["segmentation"]).first()
    if segmentation is None:
        raise Rejected("This result is gone. Segment the image again.")
    return segmentation
