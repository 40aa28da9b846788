"""Which task carries a run."""

from inference.models import Run

COMPUTE_RUN = "inference.compute_run"
EXPORT_RUN = "inference.export_run"


def task_for(run: Run) -> str:
    """An export needs no graphics card, and stands behind no training."""
    return EXPORT_RUN if run.kind == Run.Kind.EXPORT else COMPUTE_RUN
