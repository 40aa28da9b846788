"""File names that every system can unpack."""

import re
import unicodedata

# Windows and macOS refuse these, or take them for folders.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 120


def safe_name(name: str, *, fallback: str = "unnamed") -> str:
    """Make one path component of whatever people called a thing; letters of any script stay.

    Args:
        name: of an image or structure.
        fallback: where nothing usable is left.
    """
    clean = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    clean = clean[:_LONGEST].rstrip(" .")
    if not clean.strip("_"):
        return fallback
    return f"_{clean}" if _RESERVED.match(clean) else clean


class UniqueNames:
    """Hands out each name once; capitals make no difference, as on Windows and macOS."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, stem: str, suffix: str = "") -> str:
        """`stem` + `suffix`, or with -2, -3 … before the suffix where that is taken."""
        number, name = 1, stem + suffix
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        self._taken.add(name.casefold())
        return name
