"""Modified MNIST: digits scattered over a canvas, which gives exact masks and counts.

After the first experiment of Bilodeau et al. (Nat. Mach. Intell. 4, 455-466, 2022); sizes and
changes are our own choice.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

DIGITS = 10
SIDE = 256
FEWEST, MOST = 4, 40
SPACING_PX = 22.0  # between middles: digits are about 20 px high, so some touch, few overlap
INK = 0.3  # of a digit's brightest pixel
_TURN_DEGREES = 15.0
_BLUR_PX = 0.8
_DIMMEST = 0.4
_NOISE = 0.04
_TRIES = 200

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Digits:
    """Pictures uint8 (N, 28, 28) of single digits, and which digits they are (N,)."""

    pictures: npt.NDArray[np.uint8]
    values: npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Canvas:
    """Image float32 (H, W), about 0..1; objects int32 (H, W) numbered from 1; digit of each object
    (n,)."""

    image: Floats
    objects: npt.NDArray[np.int32]
    values: npt.NDArray[np.integer]

    def masks(self) -> npt.NDArray[np.bool_]:
        """Where each digit is: (10, H, W)."""
        digit = np.concatenate([[-1], self.values])[self.objects]
        return np.asarray(digit == np.arange(DIGITS)[:, None, None])

    def counts(self) -> npt.NDArray[np.intp]:
        """How often each digit is there: (10,)."""
        return np.bincount(self.values, minlength=DIGITS)


def read_digits(folder: Path, part: str) -> Digits:
    """The digits for "train" or "test" of ``mnist.npz``."""
    with np.load(folder / "mnist.npz") as arrays:
        return Digits(arrays[f"x_{part}"], arrays[f"y_{part}"])


def canvases(digits: Digits, count: int, seed: int) -> list[Canvas]:
    """So many canvases; the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [_canvas(digits, rng) for _ in range(count)]


def _canvas(digits: Digits, rng: np.random.Generator) -> Canvas:
    image = np.zeros((SIDE, SIDE), dtype=np.float32)
    objects = np.zeros((SIDE, SIDE), dtype=np.int32)
    places = _places(int(rng.integers(FEWEST, MOST + 1)), digits.pictures.shape[1], rng)
    chosen = rng.choice(len(digits.values), len(places), replace=False)
    for number, (which, (y, x)) in enumerate(zip(chosen, places, strict=True), start=1):
        shown, ink = _drawn(digits.pictures[which], rng)
        box = np.s_[y : y + len(ink), x : x + len(ink)]
        image[box] = np.maximum(image[box], shown)
        objects[box][ink] = number
    image += rng.normal(0, rng.uniform(0, _NOISE), image.shape).astype(np.float32)
    return Canvas(image, objects, digits.values[chosen])


def _places(count: int, side: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Corners of at most ``count`` squares whose middles keep their distance."""
    places: list[tuple[int, int]] = []
    for _ in range(count * _TRIES):
        if len(places) == count:
            break
        y, x = (int(v) for v in rng.integers(0, SIDE - side + 1, 2))
        if all((y - b) ** 2 + (x - a) ** 2 >= SPACING_PX**2 for b, a in places):
            places.append((y, x))
    return places


def _drawn(
    picture: npt.NDArray[np.uint8], rng: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """A digit turned, blurred and dimmed, and where its ink is."""
    angle = rng.uniform(-_TURN_DEGREES, _TURN_DEGREES)
    turned = ndimage.rotate(picture.astype(np.float32) / 255, angle, reshape=False, order=1)
    blurred = ndimage.gaussian_filter(turned, rng.uniform(0, _BLUR_PX))
    blurred /= max(float(blurred.max()), 1e-6)
    dimmed = np.asarray(blurred * rng.uniform(_DIMMEST, 1), dtype=np.float32)
    return dimmed, blurred >= INK
