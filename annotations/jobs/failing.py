"""What people are told of an unexpected error."""


def reason_of(error: Exception) -> str:
    """A word or two: the log has the rest, because a message may hold paths of the server."""
    reason = error.strerror if isinstance(error, OSError) else None
    return reason or type(error).__name__
