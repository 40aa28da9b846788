"""What is said when a file does not become an image."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class ImageRefused(Exception):
    """The file is not taken.

    The message is one or more full sentences for the person who dropped the file: what is wrong
    and what to do about it. It does not hold the file's name; whoever shows it puts that in front.
    """


# The server's troubles, which are no fault of the file.
_OURS = {
    errno.EIO,
    errno.EACCES,
    errno.EPERM,
    errno.ENOENT,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOSPC,
    errno.ESTALE,
}


@contextmanager
def refusing(form: str) -> Iterator[None]:
    """Turn whatever a damaged file makes a decoder raise into a refusal.

    Args:
        form: what the file claims to be, 'TIFF', 'CZI' …, for the message.
    """
    try:
        yield
    except ImageRefused:
        raise
    except Exception as error:  # decoders raise anything from KeyError to struct.error
        if isinstance(error, OSError) and error.errno in _OURS:
            raise
        raise ImageRefused(_reason(form, error)) from error


def _reason(form: str, error: Exception) -> str:
    """Tell a compression that cannot be decoded from damage."""
    text = " ".join(str(error).split())
    if "compression" in text.lower() or "codec" in text.lower():
        return (
            f"The {form} file is packed in a way that cannot be read ({text[:80]}). "
            "Open it in Fiji and save it again without compression."
        )
    return damaged(form)


def damaged(form: str) -> str:
    return (
        f"The {form} file is damaged or cut short, so its pixels cannot be read. "
        "Copy it again from where it came from, or export it again."
    )


class ImportStopped(Exception):
    """Somebody wanted an import to end; nothing of it is left."""
