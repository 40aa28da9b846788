"""What workers do for runs. Jobs are imported late, so that the web process, which only sends
these tasks, never loads torch.
"""

from typing import Any

from celery import Task, shared_task
from celery.signals import worker_init, worker_process_init

from annotations.services.queueing import enqueue
from inference.models import Run
from inference.services.queueing import COMPUTE_RUN, EXPORT_RUN, task_for


@shared_task(name=COMPUTE_RUN, bind=True, max_retries=None)
def compute_run(self: "Task[..., Any]", run_id: int) -> None:
    """Train, segment, threshold, separate or score: one at a time in a worker process."""
    from inference.jobs.runner import run_alone

    if not run_alone(run_id):
        raise self.retry(countdown=2)


@shared_task(name=EXPORT_RUN)
def export_run(run_id: int) -> None:
    from inference.jobs.runner import run

    run(run_id)


@shared_task(name="inference.recover_runs")
def recover_runs() -> None:
    """Send again what waits without a task, and what a dead worker left behind."""
    from annotations.jobs.claiming import forgotten

    for run in forgotten(Run):
        enqueue(task_for(run), run.pk)


@shared_task(name="inference.score_against_references")
def score_against_references() -> None:
    """Compare results with references, whichever came last."""
    from inference.jobs.comparing import score_against_references as job

    job()


@shared_task(name="inference.score_new_images")
def score_new_images() -> None:
    """Let the newest model look at images that came after it."""
    from inference.jobs.unscored import new_scorings

    for pk in new_scorings():
        compute_run.delay(pk)


@shared_task(name="inference.tidy_results")
def tidy_results() -> None:
    """Remove results that a killed worker left without a row."""
    from inference.jobs.tidying import tidy_segmentations

    tidy_segmentations()


@worker_init.connect
@worker_process_init.connect
def _tune_memory(**_: object) -> None:
    """Before torch first allocates: halves the time of a convolution on a CPU."""
    from inference.micranet.allocator import tune_allocator

    tune_allocator()
