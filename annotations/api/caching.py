"""How long browsers may keep the files of a store."""

from django.http import HttpResponse, JsonResponse

FOR_EVER = "private, max-age=31536000, immutable"
# A store is there whole or not at all, so what it lacks it will lack later as well.
FOR_AN_HOUR = "private, max-age=3600"


def empty_chunk() -> HttpResponse:
    """Said without an exception's long way, and kept: a sparse image has many of them."""
    response = JsonResponse({"detail": "This chunk is empty."}, status=404)
    response["Cache-Control"] = FOR_AN_HOUR
    return response
