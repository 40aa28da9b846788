"""What is said when a file cannot become an image."""


class ImageRefused(Exception):
    """The file is not taken.

    The message is one or more full sentences for the person who dropped the file: what is wrong
    and what to do about it. It does not hold the file's name; whoever shows it puts that in front.
    """
