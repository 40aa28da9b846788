"""Arrays as labelled tiles on a dark ground."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
Stops = list[tuple[int, int, int]]

# Dark in the middle, so that zero recedes into the ground and both signs stand out from it.
DIVERGING: Stops = [
    (190, 228, 255),
    (74, 158, 226),
    (26, 66, 104),
    (17, 17, 20),
    (110, 48, 16),
    (232, 122, 44),
    (255, 222, 176),
]
SEQUENTIAL: Stops = [(17, 17, 20), (70, 24, 92), (164, 44, 96), (236, 104, 52), (252, 226, 150)]
FOUND, TRUE = (255, 214, 64), (84, 220, 190)
_GROUND, _INK = (17, 17, 20), (214, 214, 220)
_TILE, _GAP, _LINE = 192, 8, 22


@dataclass(frozen=True, slots=True)
class Tile:
    """What is shown, uint8 (H, W, 3), and what it is."""

    pixels: Pixels
    label: str


def coloured(values: Plane, stops: Stops) -> Pixels:
    """Values (H, W) in 0..1 as colours (H, W, 3), straight lines between the stops."""
    places = np.linspace(0, 1, len(stops))
    channels = [np.interp(values, places, column) for column in np.array(stops).T]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def signed(values: Plane) -> Pixels:
    """Values of both signs, zero in the middle of the colours, the largest magnitude at an end."""
    largest = max(float(np.abs(values).max()), 1e-12)
    return coloured(values / (2 * largest) + 0.5, DIVERGING)


def unsigned(values: Plane) -> Pixels:
    """Values from zero up, the largest at the end of the colours."""
    return coloured(values / max(float(values.max()), 1e-12), SEQUENTIAL)


def photograph(planes: Plane) -> Pixels:
    """Channels (C, H, W) as grey, or as colour when there are three; the crop's own extremes are
    black and white."""
    shown = planes if len(planes) == 3 else planes.mean(axis=0, keepdims=True).repeat(3, axis=0)
    low, high = np.percentile(shown, (0.1, 99.9))
    stretched = (shown - low) / max(float(high - low), 1e-6)
    levels = (255 * np.clip(stretched, 0, 1)).round().astype(np.uint8)
    return np.asarray(levels.transpose(1, 2, 0))


def outlined(picture: Pixels, mask: Mask, colour: tuple[int, int, int]) -> Pixels:
    """The picture with the mask's border drawn on it."""
    inner = ndimage.binary_erosion(mask, border_value=1)
    drawn = picture.copy()
    drawn[mask & ~inner] = colour
    return drawn


def key() -> Tile:
    """What the colours mean."""
    board = Image.new("RGB", (_TILE, _TILE), _GROUND)
    ramp = np.linspace(0, 1, _TILE - 16)[None].repeat(14, axis=0)
    draw = ImageDraw.Draw(board)
    for top, stops, words in (
        (30, DIVERGING, ("below 0", "0", "above 0")),
        (106, SEQUENTIAL, ("0", "", "largest")),
    ):
        board.paste(Image.fromarray(coloured(ramp, stops)), (8, top))
        for x, anchor, word in zip(
            (8, _TILE // 2, _TILE - 8), ("la", "ma", "ra"), words, strict=True
        ):
            draw.text((x, top + 20), word, fill=_INK, font=_font(), anchor=anchor)
    return Tile(np.asarray(board), "colours")


def sheet(rows: list[list[Tile]]) -> Image.Image:
    """Rows of tiles, each with its label above."""
    columns = max(len(row) for row in rows)
    step = _TILE + _GAP
    size = columns * step + _GAP, len(rows) * (step + _LINE) + _GAP
    board = Image.new("RGB", size, _GROUND)
    for r, row in enumerate(rows):
        for c, tile in enumerate(row):
            _place(board, tile, _GAP + c * step, _GAP + r * (step + _LINE))
    return board


def _place(board: Image.Image, tile: Tile, x: int, y: int) -> None:
    ImageDraw.Draw(board).text((x, y), tile.label, fill=_INK, font=_font())
    picture = Image.fromarray(tile.pixels).resize((_TILE, _TILE), Image.Resampling.NEAREST)
    board.paste(picture, (x, y + _LINE))


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=14)
