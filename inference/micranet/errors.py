"""What can go wrong, as sentences that say what to do."""


class MicranetError(Exception):
    """Base of every error that this package raises on purpose."""


class DataRefused(MicranetError, ValueError):
    """The arrays given cannot be used; the message says which and why."""


class ModelRefused(MicranetError):
    """A model folder is corrupt, foreign, or does not fit the image."""


class Stopped(MicranetError):
    """The stop callback said so; a checkpoint, where asked for, is kept."""
