"""Serving the files of a store that is kept in a bucket."""

import logging
from pathlib import Path

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils.http import parse_etags

from annotations import storage
from annotations.api.caching import FOR_EVER, empty_chunk

logger = logging.getLogger(__name__)

# A presigned address holds for so long; browsers ask again well before.
SIGNED_SECONDS = 600
KEPT_SECONDS = 300


def bucket_file(request: HttpRequest, store: Path, key: str, *, content_type: str) -> HttpResponse:
    """One object of a store, 404 for an empty chunk, or where the browser finds it itself."""
    try:
        if settings.STORAGE_PRESIGNED and "/c/" in key and request.method == "GET":
            return _redirect(store, key)
        return _object(request, store, key, content_type)
    except OSError:
        logger.exception("The bucket does not answer")
        sentence = "The images' storage does not answer. Try again in a minute."
        return JsonResponse({"detail": sentence}, status=503, headers={"Retry-After": "60"})


def _redirect(store: Path, key: str) -> HttpResponse:
    """Not looked up first: what is missing there is answered with 404 there."""
    address = storage.bucket().signed(f"{storage.key_of(store)}/{key}", seconds=SIGNED_SECONDS)
    caching = f"private, max-age={KEPT_SECONDS}"
    return HttpResponseRedirect(address, headers={"Cache-Control": caching})


def _object(request: HttpRequest, store: Path, key: str, content_type: str) -> HttpResponse:
    bucket, name = storage.bucket(), f"{storage.key_of(store)}/{key}"
    known = parse_etags(request.headers.get("If-None-Match", ""))
    found = bucket.head(name) if known or request.method == "HEAD" else bucket.get(name)
    if found is None:
        return _missing(store, key)
    if found.etag in known:
        response: HttpResponse = HttpResponseNotModified()
    elif request.method == "HEAD":
        response = HttpResponse(headers={"Content-Length": str(found.byte_count)})
    else:
        found = found if found.content is not None else bucket.get(name)
        if found is None:
            return _missing(store, key)
        response = HttpResponse(found.content, content_type=content_type)
    response["ETag"], response["Cache-Control"] = found.etag, FOR_EVER
    return response


def _missing(store: Path, key: str) -> HttpResponse:
    if "/c/" in key and storage.exists(store):
        return empty_chunk()
    raise Http404("There is no such file.")
