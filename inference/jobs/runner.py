"""One run from claim to end."""

import logging
import shutil
import threading
from collections.abc import Callable

from annotations.errors import Rejected
from annotations.jobs import claiming
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset
from inference.jobs.export import export
from inference.jobs.scoring import score_patches
from inference.jobs.segment import segment_images
from inference.jobs.separate import reseparate
from inference.jobs.threshold import rethreshold
from inference.jobs.train import train_model
from inference.micranet.errors import MicranetError, Stopped
from inference.models import Run

logger = logging.getLogger(__name__)

JOBS: dict[str, Callable[[Run, Reporter], None]] = {
    Run.Kind.TRAIN: train_model,
    Run.Kind.SEGMENT: segment_images,
    Run.Kind.THRESHOLD: rethreshold,
    Run.Kind.SEPARATE: reseparate,
    Run.Kind.SCORE: score_patches,
    Run.Kind.EXPORT: export,
}
_computing = threading.Lock()


def run_alone(run_id: int) -> bool:
    """Do a run unless this process is computing already; False asks to be called again."""
    if not _computing.acquire(blocking=False):
        return not claiming.note_waiting(Run, run_id)
    try:
        run(run_id)
    finally:
        _computing.release()
    return True


def run(run_id: int) -> None:
    """Claim a run, do it and write down how it ended. A run of somebody else's is left alone."""
    claimed = claiming.claim(Run, run_id)
    if claimed is None:
        return
    reporter = Reporter(claimed)
    try:
        _do(claimed, reporter)
    finally:
        _leave_nothing_of_a_deleted(claimed.dataset)


def _do(claimed: Run, reporter: Reporter) -> None:
    try:
        with reporter:
            JOBS[claimed.kind](claimed, reporter)
    except (claiming.Stopped, Stopped):
        claiming.end_stopped(claimed, cancelled=reporter.cancelled)
    except (MicranetError, Rejected, OSError) as error:
        logger.warning("%s failed: %s", claimed, error)
        claiming.finish(claimed, Run.State.FAILED, error=str(error) or type(error).__name__)
    except Exception as error:
        logger.exception("%s failed", claimed)
        claiming.finish(
            claimed, Run.State.FAILED, error=f"Unexpected {type(error).__name__}: {error}"
        )
    else:
        claiming.finish(claimed, Run.State.DONE, progress=1)


def _leave_nothing_of_a_deleted(dataset: Dataset) -> None:
    """Files that were written since a data set was deleted would be nobody's."""
    if not Dataset.objects.filter(pk=dataset.pk).exists():
        shutil.rmtree(dataset.folder, ignore_errors=True)
