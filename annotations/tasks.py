"""What workers do for the annotations app. The jobs are imported late: reading and writing image
stores needs libraries that the web process does well without.
"""

from celery import shared_task


@shared_task(name="annotations.import_image")
def import_image(image_id: int) -> None:
    from annotations.jobs import import_image as job

    job(image_id)


@shared_task(name="annotations.recover_imports")
def recover_imports() -> None:
    """Send imports again that were never taken or whose worker died."""
    from annotations.jobs import stale_imports

    for image_id in stale_imports():
        import_image.delay(image_id)
