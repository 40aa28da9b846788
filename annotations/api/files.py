"""Serving the files of an OME-Zarr store."""

import re
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, quote_etag

# Keys of a store are plain words between single slashes; nothing else is looked up on disk.
KEY = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
# Longer ones no file system would take.
LONGEST_KEY = 200


def store_file(request: HttpRequest, store: Path, key: str) -> HttpResponse | FileResponse:
    """One file of a store that never changes, or 404 (an empty chunk has no file)."""
    if len(key) > LONGEST_KEY or not KEY.fullmatch(key) or ".." in key.split("/"):
        raise Http404("There is no such key.")
    return whole_file(request, store / key, content_type=_content_type(key))


def whole_file(
    request: HttpRequest, path: Path, *, content_type: str
) -> HttpResponse | FileResponse:
    """A file under a name that stands for its content, so that browsers may keep it."""
    if not path.is_file():
        raise Http404("There is no such file.")
    stat = path.stat()
    etag = quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        response = FileResponse(path.open("rb"), content_type=content_type)
        response["Last-Modified"] = http_date(stat.st_mtime)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _content_type(key: str) -> str:
    return "application/json" if key.endswith(".json") else "application/octet-stream"
