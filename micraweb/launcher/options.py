"""What the person who starts the site chose."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """`port` None: 8000, or the next free one; `images`: a folder to make a data set of."""

    code: Path
    data: Path
    host: str = "127.0.0.1"
    port: int | None = None
    images: Path | None = None
    demo: bool = True
