"""Masks of shapes whose objects are known: strips, rods, rings and touching ones, of any lean.

A shape is its depth in px at each pixel's middle: the distance to its border, positive within. A
shape of several objects has one depth for each; the mask is where any of them is positive.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Array = npt.NDArray[np.float64]
Random = np.random.Generator
# Depths (objects, H, W) at rows y and columns x, both (H, W), in px from a middle.
Shape = Callable[[Array, Array], Array]
BORDERS = ("clean", "wavy", "ragged")
_NOISE_PX = 0.6
_WAVE_PX = 2.0


@dataclass(frozen=True, slots=True)
class Case:
    """A mask bool (H, W), and its true objects int32 (H, W), 0 for none."""

    kind: str
    border: str
    mask: npt.NDArray[np.bool_]
    objects: npt.NDArray[np.int32]


def cases(count: int, seed: int) -> Iterator[Case]:
    """So many of each kind and border; of one seed, kinds do not depend on each other."""
    for kind, make in KINDS.items():
        random = np.random.default_rng([seed, *kind.encode()])
        for _ in range(count):
            shape, reach = make(random)
            for border in BORDERS:
                yield _case(kind, border, shape, reach, random)


def _case(kind: str, border: str, shape: Shape, reach: float, random: Random) -> Case:
    side = 2 * int(np.ceil(reach)) + 9
    y, x = np.indices((side, side)) - (side - 1) / 2 - random.uniform(-0.5, 0.5, (2, 1, 1))
    turn = _lean(random)
    across, along = y * np.cos(turn) - x * np.sin(turn), x * np.cos(turn) + y * np.sin(turn)
    depths = shape(across, along)
    mask = _largest(depths.max(axis=0) + _noise(border, y.shape, random) > 0)
    return Case(kind, border, mask, np.where(mask, depths.argmax(axis=0) + 1, 0).astype(np.int32))


def _lean(random: Random) -> float:
    """An angle; half of them are 1 in a whole number, where steps of the border are regular."""
    if random.random() < 0.5:
        return float(random.uniform(0, 2 * np.pi))
    return float(np.arctan(1 / random.integers(1, 13)))


def _noise(border: str, size: tuple[int, ...], random: Random) -> Array | float:
    """px by which the border is off: none, waves over some px, or each pixel on its own."""
    if border == "clean":
        return 0.0
    noise: Array = random.normal(size=size)
    if border == "wavy":
        noise = ndimage.gaussian_filter(noise, _WAVE_PX)
    return np.asarray(noise * (_NOISE_PX / noise.std()))


def _largest(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    numbers, _ = ndimage.label(mask)
    sizes = np.bincount(numbers.ravel())
    sizes[0] = 0
    return np.asarray(numbers == sizes.argmax(), dtype=bool)


def _rod(y: Array, x: Array, half_length: float, radius: float) -> Array:
    """A strip with round ends: ``half_length`` without them."""
    return np.asarray(radius - np.hypot(y, np.maximum(np.abs(x) - half_length, 0)))


def _ellipse(y: Array, x: Array, long: float, short: float) -> Array:
    """An ellipse of these half axes; depths are true near the border."""
    level = np.hypot(x / long, y / short)
    slope = np.hypot(x / long**2, y / short**2) / np.maximum(level, 1e-9)
    return np.asarray((1 - level) / np.maximum(slope, 1 / long))


def _strip(random: Random) -> tuple[Shape, float]:
    half = random.uniform(3, 20) / 2
    length = min(half * random.uniform(2, 25), 150)
    return lambda y, x: np.minimum(half - abs(y), length - abs(x))[None], length + half


def _single_rod(random: Random) -> tuple[Shape, float]:
    radius = random.uniform(3, 20) / 2
    length = min(radius * random.uniform(1, 15), 150)
    return lambda y, x: _rod(y, x, length, radius)[None], length + radius


def _wedge(random: Random) -> tuple[Shape, float]:
    """A rod that grows from end to end."""
    thin, ratio = random.uniform(2, 6), random.uniform(1.2, 2)
    length = thin * random.uniform(3, 12)

    def shape(y: Array, x: Array) -> Array:
        half = thin * (1 + (ratio - 1) * (x / length + 1) / 2)
        return np.asarray(np.minimum(half - abs(y), length - abs(x))[None])

    return shape, length + 2 * thin


def _single_ellipse(random: Random) -> tuple[Shape, float]:
    short = random.uniform(3, 20)
    long = short * random.uniform(1, 5)
    return lambda y, x: _ellipse(y, x, long, short)[None], long


def _arc(random: Random) -> tuple[Shape, float]:
    """A bent fibre: a part of a ring, or all of it."""
    half = random.uniform(3, 16) / 2
    radius = half * random.uniform(2.5, 12)
    width = random.choice([0.5, 1.0, 2.0, 4.0])

    def shape(y: Array, x: Array) -> Array:
        from_ends = radius * (width - abs(np.arctan2(y, x)))
        return np.asarray(np.minimum(half - abs(np.hypot(y, x) - radius), from_ends)[None])

    return shape, radius + half


def _branched(random: Random) -> tuple[Shape, float]:
    """Three arms of one width, as a branched filament has them: one object."""
    radius = random.uniform(3, 10) / 2
    length = radius * random.uniform(4, 14)
    turns = np.array([0, 2 * np.pi / 3, 4 * np.pi / 3]) + random.uniform(-0.5, 0.5, 3)

    def shape(y: Array, x: Array) -> Array:
        arms = []
        for turn in turns:
            along = x * np.cos(turn) + y * np.sin(turn) - length / 2
            arms.append(_rod(y * np.cos(turn) - x * np.sin(turn), along, length / 2, radius))
        return np.asarray(np.max(arms, axis=0)[None])

    return shape, length + radius


def _necked(first: float, second: float, neck: float) -> float:
    """How far apart two discs are that share a neck of this half width."""
    return float(np.sqrt(first**2 - neck**2) + np.sqrt(second**2 - neck**2))


def _discs(random: Random) -> tuple[Shape, float]:
    return _pair(random, 1.0, random.uniform(0.4, 0.9))


def _unequal_discs(random: Random) -> tuple[Shape, float]:
    return _pair(random, random.uniform(1.3, 3), random.uniform(0.4, 0.85))


def _pair(random: Random, ratio: float, neck: float) -> tuple[Shape, float]:
    """Two discs; the neck is a share of the smaller one's width."""
    small = np.exp(random.uniform(np.log(4), np.log(25)))
    apart = _necked(small, ratio * small, neck * small)
    shape = _row([(0.0, small), (apart, ratio * small)])
    return shape, apart + ratio * small


def _row(discs: list[tuple[float, float]]) -> Shape:
    """Discs (x, radius) in a row."""
    return lambda y, x: np.stack([r - np.hypot(y, x - at) for at, r in discs])


def _chain(random: Random) -> tuple[Shape, float]:
    radius, neck = random.uniform(4, 12), random.uniform(0.4, 0.85)
    apart = 2 * radius * np.sqrt(1 - neck**2)
    places = (np.arange(4) - 1.5) * apart
    return _row([(float(at), radius) for at in places]), 2 * apart + radius


def _clump(random: Random) -> tuple[Shape, float]:
    """Three to seven discs of much the same size, each at one of the others."""
    radius, count = random.uniform(5, 18), int(random.integers(3, 8))
    places, radii = [np.zeros(2)], [radius]
    while len(places) < count:
        own = radius * random.uniform(0.8, 1.2)
        at, turn = int(random.integers(len(places))), random.uniform(0, 2 * np.pi)
        neck = random.uniform(0.4, 0.8) * min(own, radii[at])
        place = places[at] + _necked(own, radii[at], neck) * np.array([np.sin(turn), np.cos(turn)])
        gaps = [np.hypot(*(place - p)) / (own + r) for p, r in zip(places, radii, strict=True)]
        if min(gaps) > 0.6:
            places.append(place)
            radii.append(own)
    reach = max(np.hypot(*p) for p in places) + 2 * radius
    discs = list(zip(places, radii, strict=True))
    return lambda y, x: np.stack([r - np.hypot(y - p[0], x - p[1]) for p, r in discs]), reach


def _ellipses(random: Random) -> tuple[Shape, float]:
    """Two ellipses of unequal size, side by side or end to side."""
    short = np.exp(random.uniform(np.log(5), np.log(16), 2))
    long = short * random.uniform(1.1, 2, 2)
    first_end = random.random() < 0.5
    reach = long[0] if first_end else short[0]
    deep = random.uniform(0.03, 0.12) * short.min()
    apart = reach + short[1] - deep

    def shape(y: Array, x: Array) -> Array:
        first = (
            _ellipse(y, x, long[0], short[0]) if first_end else _ellipse(x, y, *_of(long, short))
        )
        return np.stack([first, _ellipse(x - apart, y, long[1], short[1])])

    return shape, apart + 2 * long.max()


def _of(long: Array, short: Array) -> tuple[float, float]:
    return float(long[0]), float(short[0])


def _end_to_end(random: Random) -> tuple[Shape, float]:
    """Two rods in line, as bacteria are after they divided."""
    radius, neck = random.uniform(3, 9), random.uniform(0.3, 0.7)
    half = radius * random.uniform(0.5, 4)
    middle = half + radius * np.sqrt(1 - neck**2)
    return (
        lambda y, x: np.stack([_rod(y, x - at, half, radius) for at in (-middle, middle)]),
        middle + half + radius,
    )


def _end_to_side(random: Random) -> tuple[Shape, float]:
    radius = random.uniform(3, 9)
    half = radius * random.uniform(1.5, 5)
    away = half + 2 * radius - random.uniform(0.05, 0.25) * radius

    def shape(y: Array, x: Array) -> Array:
        return np.stack([_rod(y, x, half, radius), _rod(x, y - away, half, radius)])

    return shape, away + half + radius


WHOLE = {
    "strip": _strip, "rod": _single_rod, "wedge": _wedge, "ellipse": _single_ellipse,
    "arc": _arc, "branched": _branched,
}  # fmt: skip
TOUCHING = {
    "discs": _discs, "unequal discs": _unequal_discs, "chain": _chain, "clump": _clump,
    "ellipses": _ellipses, "end to end": _end_to_end, "end to side": _end_to_side,
}  # fmt: skip
KINDS: dict[str, Callable[[Random], tuple[Shape, float]]] = {**WHOLE, **TOUCHING}
