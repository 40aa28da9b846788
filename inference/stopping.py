"""Whether this worker process has been told to end: one word for the jobs of both apps."""

from annotations.stopping import shutdown

__all__ = ["shutdown"]
