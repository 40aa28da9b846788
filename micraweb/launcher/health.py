"""Ask the web server whether it is up."""

import http.client
import urllib.error
import urllib.request


def is_up(address: str) -> bool:
    """Tell whether /health/ answers with 200."""
    request = urllib.request.Request(f"{address}/health/")  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == http.client.OK)
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False
