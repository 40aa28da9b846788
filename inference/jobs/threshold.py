"""Another threshold for one segmentation: mask and objects anew, from the map that is kept."""

from django.db import transaction

from annotations.errors import Rejected
from annotations.imaging.store import open_store
from inference.jobs.claiming import hold
from inference.jobs.keeping import measured, total_area, write_objects
from inference.jobs.reporter import Reporter
from inference.models import Run, Segmentation


def rethreshold(run: Run, reporter: Reporter) -> None:
    """Measure the objects again and write the new threshold down."""
    segmentation = _segmentation(run)
    threshold, image = float(run.params["threshold"]), segmentation.image
    reporter.progress(0.1, f"Measuring {image.name}", force=True)
    map_ = open_store(segmentation.map).read(0, image.height, 0, image.width)[0]
    planes = open_store(image.store).read(0, image.height, 0, image.width)
    objects = measured(map_, threshold, image, planes)
    area = total_area(objects)
    with transaction.atomic():
        hold(run)
        # Held, so that table and row belong together even when two thresholds are applied at once.
        rows = Segmentation.objects.select_for_update()
        if rows.filter(pk=segmentation.pk, key=segmentation.key).first() is None:
            raise Rejected("The image has been segmented again meanwhile. Set the threshold anew.")
        write_objects(segmentation.objects_table, objects)
        rows.filter(pk=segmentation.pk).update(
            threshold=threshold, object_count=objects.num_rows, area_px=area
        )


def _segmentation(run: Run) -> Segmentation:
    rows = Segmentation.objects.select_related("image__dataset")
    segmentation = rows.filter(pk=run.params["segmentation"]).first()
    if segmentation is None:
        raise Rejected("This result is gone. Segment the image again.")
    return segmentation
