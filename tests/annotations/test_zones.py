"""What a browser says of where its reader is."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from annotations.zones import zone_of


def test_a_zone_is_taken_by_its_name() -> None:
    assert zone_of({"zone": "Europe/Paris"}) == ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "name", ["", "Europe", "Mars/Olympus", "../../etc/passwd", "A" * 5000, "\0"]
)
def test_what_names_no_zone_is_utc(name: str) -> None:
    assert zone_of({"zone": name}) is UTC
    assert zone_of({}) is UTC
