"""How a service that takes long says how far it is, to whoever called it."""

from typing import Protocol


class Tell(Protocol):
    """Called between steps with a share of 0 to 1 and what is being done.

    It may raise, and then nothing of the work must be left.
    """

    def __call__(self, share: float, message: str, /) -> None: ...


def nobody(share: float, message: str, /) -> None:
    """Nobody waits for it."""
