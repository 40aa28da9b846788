"""Handing work to the workers: a task is sent by its name, and carries an id or two."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

IMPORT_IMAGE = "annotations.import_image"
READ_UPLOAD = "annotations.read_upload"
REDRAW_THUMBNAILS = "annotations.redraw_thumbnails"
RENEW_GUESSES = "annotations.renew_guesses"
RUN_ERRAND = "annotations.run_errand"
TIDY_BUCKET = "annotations.tidy_bucket"


def enqueue(task: str, *ids: int) -> None:
    """Send a task.

    The row in the database is what counts: when the queue cannot be reached, the periodic sweep
    sends the task again, so the person who asked is not shown an error.
    """
    try:
        current_app.send_task(task, ids, retry=False)
    except OperationalError as error:
        logger.warning(
            "The queue cannot be reached (%s); %s%s waits for the sweep, some two minutes",
            error,
            task,
            ids,
        )
