"""Handing work to the workers."""

import logging
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: "Task[..., Any]", *ids: int) -> None:
    """Send a task that carries an id, or none.

    The row in the database is what counts: when the queue cannot be reached, the periodic sweep
    sends the task again, so the person who asked is not shown an error.
    """
    try:
        task.apply_async(ids, retry=False)
    except OperationalError as error:
        logger.warning(
            "The queue cannot be reached (%s); %s%s waits for the sweep, some two minutes",
            error,
            task.name,
            ids,
        )
