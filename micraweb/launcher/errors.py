"""The one exception that the launcher shows to a person."""


class CannotStart(Exception):
    """The site cannot start; the message says what is wrong and what to do, in one line."""
