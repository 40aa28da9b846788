"""Counting the objects of a segmentation anew, from the map that is kept."""

from django.db import transaction

from annotations.errors import Rejected
from annotations.jobs.claiming import hold
from inference.jobs.keeping import ShouldStop, measured, total_area, write_objects
from inference.models import ReferenceScore, Run, Segmentation
from inference.models.separated import separation_fields
from inference.objects.choice import Separation


def remeasure(
    run: Run,
    segmentation: Segmentation,
    *,
    threshold: float,
    separation: Separation,
    should_stop: ShouldStop,
) -> None:
    """Measure the objects again; write down what they were made with.

    Raises:
        Rejected: the image has been segmented again meanwhile.
        NoPixelSize: a separation in µm, and the image has no pixel size.
        Stopped: another worker has the run, or `should_stop` said so; nothing is kept.
    """
    objects = measured(segmentation, threshold, separation, should_stop)
    with transaction.atomic():
        hold(run)
        # Held, so that table and row belong together even when two runs change it at once.
        rows = Segmentation.objects.select_for_update()
        if rows.filter(pk=segmentation.pk, key=segmentation.key).first() is None:
            raise Rejected("The image has been segmented again meanwhile. Set the threshold anew.")
        write_objects(segmentation.objects_table, objects)
        # Of the objects that were; the next sweep compares anew.
        ReferenceScore.objects.filter(segmentation=segmentation).delete()
        rows.filter(pk=segmentation.pk).update(
            threshold=threshold,
            object_count=objects.num_rows,
            area_px=total_area(objects),
            **separation_fields(separation),
        )
