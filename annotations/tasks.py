"""What workers do for the annotations app. The jobs are imported late: reading and writing image
stores needs libraries that the web process does well without.
"""

from typing import Any

from celery import Task, shared_task
from celery.signals import worker_shutting_down

from annotations import stopping
from annotations.services import queueing


@shared_task(name=queueing.IMPORT_IMAGE)
def import_image(image_id: int) -> None:
    from annotations.jobs.importing import import_image as job

    job(image_id)


@shared_task(name=queueing.READ_UPLOAD)
def read_upload(upload_id: int) -> None:
    """Take a file apart that is here; its images are imported one by one."""
    from annotations.jobs.reading import read_upload as job

    for image_id in job(upload_id):
        import_image.delay(image_id)


@shared_task(name=queueing.REDRAW_THUMBNAILS)
def redraw_thumbnails(dataset_id: int) -> None:
    """Draw the small pictures of a data set's stacks anew."""
    from annotations.jobs.thumbnails import redraw_thumbnails as job

    job(dataset_id)


@shared_task(name=queueing.RENEW_GUESSES)
def renew_guesses(dataset_id: int, structure_id: int) -> None:
    """Guess anew what patches show, from the answers that came meanwhile."""
    from annotations.jobs.guessing import renew_guesses as job

    job(dataset_id, structure_id)


@shared_task(name=queueing.RUN_ERRAND, bind=True, max_retries=None)
def run_errand(self: "Task[..., Any]", errand_id: int) -> None:
    """What somebody asked for and does not want to wait for in a page."""
    from annotations.jobs.errands.runner import run_errand as job

    if not job(errand_id):
        raise self.retry(countdown=3)


@shared_task(name="annotations.recover_errands")
def recover_errands() -> None:
    """Send again what waits without a task, and what a dead worker left behind."""
    from annotations.jobs.claiming import forgotten
    from annotations.models import Errand

    for errand in forgotten(Errand):
        run_errand.delay(errand.pk)


@shared_task(name="annotations.recover_imports")
def recover_imports() -> None:
    """Send work again that was never taken or whose worker died."""
    from annotations.jobs.importing import stale_imports
    from annotations.jobs.tidying import stale_uploads

    for upload_id in stale_uploads():
        read_upload.delay(upload_id)
    for image_id in stale_imports():
        import_image.delay(image_id)


@shared_task(name="annotations.tidy_files")
def tidy_files() -> None:
    """Remove uploads that nobody finished, and files that belong to no row."""
    from annotations.jobs.tidying import tidy

    tidy()


@shared_task(name=queueing.TIDY_BUCKET)
def tidy_bucket() -> None:
    """Remove what is in the bucket of images that are gone."""
    from annotations.jobs.tidying import tidy_bucket as job

    job()


@worker_shutting_down.connect
def _stop_jobs(**_: object) -> None:
    stopping.shutdown.set()
