"""The bytes of an upload: sent by a browser, or a file of the server that is copied when needed."""

from pathlib import Path

from annotations.imaging.errors import ImageRefused
from annotations.models import Upload
from annotations.originals import fetch


def fetch_upload(upload: Upload) -> None:
    """Copy a file of the server that is to be imported; what was sent is here already."""
    source = upload.details.get("source")
    if source is None:
        return
    if Path(source).resolve() != Path(source):
        raise ImageRefused("The file was replaced by a link while it waited.")
    fetch(Path(source), upload.path)
