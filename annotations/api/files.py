"""Serving the files of an OME-Zarr store."""

import re
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
)
from django.utils.http import http_date, parse_etags, quote_etag

from annotations import storage
from annotations.api.bucket_files import bucket_file
from annotations.api.caching import FOR_EVER, empty_chunk

# Keys of a store are plain words between single slashes; nothing else is looked up on disk.
KEY = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
# Longer ones no file system would take.
LONGEST_KEY = 200


def store_file(request: HttpRequest, store: Path, key: str) -> HttpResponse | FileResponse:
    """One file of a store that never changes, or 404 (an empty chunk has no file)."""
    if len(key) > LONGEST_KEY or not KEY.fullmatch(key) or ".." in key.split("/"):
        raise Http404("There is no such key.")
    if storage.in_bucket() and not store.is_dir():
        return bucket_file(request, store, key, content_type=_content_type(key))
    try:
        return whole_file(request, store / key, content_type=_content_type(key))
    except Http404:
        if "/c/" in key and store.is_dir():
            return empty_chunk()
        raise


def whole_file(
    request: HttpRequest, path: Path, *, content_type: str
) -> HttpResponse | FileResponse:
    """A file under a name that stands for its content, so that browsers may keep it."""
    try:
        stat = path.stat()
    except OSError:
        raise Http404("There is no such file.") from None
    if not S_ISREG(stat.st_mode):
        raise Http404("There is no such file.")
    etag = quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        response = _contents(request, path, stat.st_size)
        response["Content-Type"] = content_type
        response["Last-Modified"] = http_date(stat.st_mtime)
    response["ETag"] = etag
    response["Cache-Control"] = FOR_EVER
    return response


def _contents(request: HttpRequest, path: Path, size: int) -> HttpResponse | FileResponse:
    """The file itself, or where the web server before this one finds it."""
    if settings.X_ACCEL_REDIRECT:
        below = path.relative_to(settings.MEDIA_ROOT).as_posix()
        return HttpResponse(headers={"X-Accel-Redirect": settings.X_ACCEL_REDIRECT + quote(below)})
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size)})
    return FileResponse(path.open("rb"))


def _content_type(key: str) -> str:
    return "application/json" if key.endswith(".json") else "application/octet-stream"
