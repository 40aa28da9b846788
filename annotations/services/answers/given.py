"""What people send when they answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

# Image, structure, row, column.
Patch = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Given:
    """One answer; the value "" takes an earlier one back.

    `event` is the sender's own number of it, `at` the time on the sender's clock, None for now.
    `handed`: it is about what was handed out; only then it can be the second of a hidden repeat.
    None: the sender does not say, so it is as long as the patch is in the person's hands.
    """

    image: int
    structure: int
    row: int
    column: int
    value: str
    at: datetime | None = None
    event: UUID | None = None
    took_ms: int | None = None
    suggested: bool | None = None
    handed: bool | None = False

    @property
    def patch(self) -> Patch:
        return self.image, self.structure, self.row, self.column


class GridNamed(NamedTuple):
    """What somebody counts rows and columns in, in px."""

    patch_size: int
    overlap: int
