"""What a service answers when a user asks for something that cannot be done."""


class Rejected(Exception):
    """A request that cannot be carried out; the message is a sentence for the person who asked.

    `field` names the input at fault, if one is; `conflict` marks what exists already.
    """

    def __init__(self, message: str, *, field: str | None = None, conflict: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.conflict = conflict
