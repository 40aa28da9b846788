"""What a service answers when a user asks for something that cannot be done."""

from collections.abc import Sequence


class Rejected(Exception):
    """A request that cannot be carried out; the message is a sentence for the person who asked.

    `field` names the input at fault, if one is; `conflict` marks what exists already; `refused`
    holds the sender's own numbers of the parts at fault, so that the rest can be sent again.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        conflict: bool = False,
        refused: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.conflict = conflict
        self.refused = list(refused)


class NoRoom(Rejected):
    """The server's disk has no room for it."""


class TooLarge(Rejected):
    """More than this site takes."""


class BeingCut(Rejected):
    """The patch grid is being changed at this moment; later it can be asked for again.

    retry_after: seconds after which that is worth a try, as the change may be cancelled.
    """

    retry_after = 3
