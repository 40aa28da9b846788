"""Where an image store lies: in a folder, or below a path of a bucket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # zarr is heavy, and whoever only says where a store is does without it.
    from zarr.abc.store import Store


@dataclass(frozen=True)
class Remote:
    """A store below a path of something larger, such as a bucket of many stores.

    root: as zarr reads it; path: words between single slashes.
    """

    root: Store
    path: str

    def with_name(self, name: str) -> Remote:
        """The place beside this one, as of a `Path`."""
        return replace(self, path=f"{self.path.rpartition('/')[0]}/{name}".lstrip("/"))


Place = Path | Remote
