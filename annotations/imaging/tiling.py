"""Into which tiles a plane is cut, so that each is read once and memory stays bounded."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

# A power of two, which deck.gl needs of a tile; small images keep it, zstd packs the empty rest.
CHUNK = 512
# Of pixels in one tile. What halves it and compresses it takes about as much again.
BUDGET = 48 * 2**20
# What a tile may take where a file can only be read in large pieces.
MOST = 4 * BUDGET

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Tiling:
    """Tiles over a plane, from left to right, then from top to bottom.

    Attributes:
        height, width: of the plane in px.
        rows, columns: of a tile in px; multiples of CHUNK, except where one reaches across the
            whole plane.
        depth: how often a tile can be halved so that it still fills whole chunks.
    """

    height: int
    width: int
    rows: int
    columns: int
    depth: int

    def __iter__(self) -> Iterator[Box]:
        """(y0, y1, x0, x1) of each tile, ends excluded."""
        for y0 in range(0, self.height, self.rows):
            for x0 in range(0, self.width, self.columns):
                yield (
                    y0,
                    min(self.height, y0 + self.rows),
                    x0,
                    min(self.width, x0 + self.columns),
                )


def plan_tiles(
    height: int, width: int, *, block: tuple[int, int], pixel_bytes: int, most_levels: int
) -> Tiling:
    """Tiles as large as memory allows: squares, or bands where a file is made of long strips.

    Args:
        height, width: of the plane in px.
        block: (rows, columns) of the file that are decoded together.
        pixel_bytes: of one pixel in all channels that are read together.
        most_levels: how often halving is wanted.
    """
    # Two chunks at least, so that each pass makes another level.
    rows = columns = max(2 * CHUNK, _side(math.isqrt(BUDGET // pixel_bytes)))
    if block[1] > columns:
        columns = (
            width if CHUNK * width * pixel_bytes <= MOST else _side(MOST // (CHUNK * pixel_bytes))
        )
        rows = _side(BUDGET // (columns * pixel_bytes))
    while rows < min(block[0], height) and 2 * rows * columns * pixel_bytes <= MOST:
        rows *= 2
    depth = min(_halvings(rows, height), _halvings(columns, width), most_levels)
    return Tiling(height, width, rows, columns, depth)


def _side(most: int) -> int:
    """The largest of CHUNK, 2 CHUNK, 4 CHUNK … that is at most `most`; CHUNK at least."""
    return CHUNK << max(0, (most // CHUNK).bit_length() - 1)


def _halvings(side: int, length: int) -> int:
    """How often `side` can be halved before it is no multiple of CHUNK; a whole length always."""
    return 64 if side >= length else (side // CHUNK).bit_length() - 1
