"""What an experiment says of an image: condition, well and replicate."""

from collections.abc import Mapping
from typing import Any

LENGTHS = {"condition": 120, "well": 40, "replicate": 40}
FIELDS = tuple(LENGTHS)


def cleaned_details(given: Mapping[str, Any]) -> dict[str, str]:
    """The details among `given`, without control characters, cut to what is kept."""
    return {name: _clean(str(given.get(name) or ""), LENGTHS[name]) for name in FIELDS}


def _clean(text: str, length: int) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:length]
