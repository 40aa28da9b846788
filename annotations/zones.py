"""In which time zone somebody reads: by its clock a day begins for them."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

# Kept by the pages: a browser tells nobody where it is, but its scripts know.
COOKIE = "zone"


def zone_of(cookies: Mapping[str, str]) -> tzinfo:
    """The reader's zone as their browser named it; UTC before it has, and for a name of no zone."""
    name = cookies.get(COOKIE, "")
    return ZoneInfo(name) if name in _names() else UTC


@cache
def _names() -> frozenset[str]:
    """Looked for in the system's files, so once."""
    return frozenset(available_timezones())
