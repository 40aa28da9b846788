"""Simulated STED images of filamentous actin in neurons, with exact truth.

Written from published facts, for a demonstration and for tests that need truth:

- Axonal actin forms rings around the axon, evenly spaced by about 180 to 190 nm, wrapped like
  the hoops of a barrel (Xu, Zhong & Zhuang, Science 339, 452-456, 2013).
- Dendrites carry longitudinal actin fibres or, in stretches, the same periodic lattice; which of
  both depends on neuronal activity (Lavoie-Cardinal et al., Sci. Rep. 10, 11960, 2020), and these
  are the two structures that MICRA-Net was first trained to tell apart (Bilodeau et al., Nat.
  Mach. Intell. 4, 455-466, 2022).
- STED microscopes resolve about 50 to 60 nm in such samples (D'Este et al., Cell Rep. 10,
  1246-1251, 2015) and count single photons, so the noise is Poisson's.

Widths of axons and dendrites, numbers, brightness and background are ours, chosen to look like
such images. No measured image went into it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from annotations.imaging.factin_shapes import Array, Rng, Tube, neurite, smooth_noise, stretches

RING_PERIOD_NM = 190.0
PSF_FWHM_NM = 55.0
_FWHM_PER_SIGMA = 2.3548


@dataclass(frozen=True)
class FactinSample:
    """A simulated image and its truth, all (H, W).

    Attributes:
        image: uint16 photon counts.
        rings_mask: bool, the stretches of neurites that carry the periodic lattice, gaps between
            the rings of one stretch included.
        fibres_mask: bool, the fibres themselves, as wide as they appear (full width at half
            maximum).
    """

    image: NDArray[np.uint16]
    rings_mask: NDArray[np.bool_]
    fibres_mask: NDArray[np.bool_]


@dataclass
class _Scene:
    """What is being painted: expected photons before the microscope's blur, and the truth."""

    rng: Rng
    nm: float
    light: Array
    rings: NDArray[np.bool_]
    fibres: NDArray[np.bool_]

    def px(self, nanometres: float) -> float:
        return nanometres / self.nm


def simulate_factin(*, seed: int, size: int = 512, pixel_size_nm: float = 20) -> FactinSample:
    """Simulate one image.

    Args:
        seed: same seed, same image.
        size: side in px.
        pixel_size_nm: at most 40, or rings 190 nm apart could not be told apart.

    Raises:
        ValueError: no pixels, or pixels too large for the rings.
    """
    if size < 1 or not 0 < pixel_size_nm <= 40:
        raise ValueError("The size must be positive and the pixel size within 0 to 40 nm.")
    rng = np.random.default_rng(seed)
    flat = (size, size)
    scene = _Scene(rng, pixel_size_nm, np.zeros(flat), np.zeros(flat, bool), np.zeros(flat, bool))
    # So many per area as 512 px at 20 nm were drawn for; more on a larger field.
    area = (size * pixel_size_nm / 10_240) ** 2
    for _ in range(max(1, round(area * rng.integers(1, 3)))):
        _paint_dendrite(scene, size)
    for _ in range(max(1, round(area * rng.integers(2, 5)))):
        _paint_axon(scene, size)
    _stain(scene)
    return FactinSample(_photograph(scene), scene.rings, scene.fibres)


def _paint_axon(scene: _Scene, size: int) -> None:
    rng = scene.rng
    radius = scene.px(rng.uniform(170, 270))
    tube = neurite(rng, size=size, radius=radius, stiffness=scene.px(2500))
    _paint_haze(scene, tube, photons=rng.uniform(1.5, 3.5))
    _paint_puncta(scene, tube)
    for start, end in stretches(rng, tube.length, present=scene.px(2600), absent=scene.px(2200)):
        _paint_rings(scene, tube, start, end, photons=rng.uniform(14, 26))


def _paint_dendrite(scene: _Scene, size: int) -> None:
    rng = scene.rng
    radius = scene.px(rng.uniform(450, 750))
    tube = neurite(rng, size=size, radius=radius, stiffness=scene.px(5000))
    _paint_haze(scene, tube, photons=rng.uniform(2.0, 4.0))
    _paint_puncta(scene, tube)
    for _ in range(rng.integers(10, 16)):
        _paint_fibre(scene, tube, photons=rng.lognormal(np.log(22), 0.35))
    for _ in range(rng.integers(3, 8)):
        _paint_spine(scene, tube)
    if rng.random() < 0.35:
        start = rng.uniform(0.3, 0.6) * tube.length
        _paint_rings(scene, tube, start, start + scene.px(2000), photons=rng.uniform(10, 16))


def _paint_haze(scene: _Scene, tube: Tube, *, photons: float) -> None:
    """Unordered actin: most where the neurite is thickest, and where its wall is seen edge-on."""
    uneven = np.exp(0.4 * smooth_noise(scene.rng, int(tube.length) + 1, scene.px(500)))
    side = np.abs(tube.across / tube.radius)
    profile = np.sqrt(1 - side**2) + 0.5 * np.exp(-(((side - 0.85) / 0.12) ** 2))
    _add(scene, tube, photons * uneven[tube.along.astype(int)] * profile)


def _paint_rings(scene: _Scene, tube: Tube, start: float, end: float, *, photons: float) -> None:
    """Rings 190 nm apart seen from the side: bars across the neurite, brighter at their ends."""
    rng = scene.rng
    period = scene.px(RING_PERIOD_NM)
    steps = period * (1 + 0.05 * rng.normal(size=int((end - start) / period) + 2))
    centres = start + np.cumsum(steps) - period / 2
    centres = centres[centres < end]
    if not len(centres) or not len(tube.rows):
        return
    tilt = rng.normal(0, 0.08)
    along = tube.along + tilt * tube.across
    nearest = np.abs(along[:, None] - centres).argmin(axis=1)
    strength = photons * rng.lognormal(0, 0.4, size=len(centres))[nearest]
    fade = _within(tube.along, start, end, softness=scene.px(120))
    thickness = scene.px(22)
    bar = np.exp(-0.5 * ((along - centres[nearest]) / thickness) ** 2)
    side = np.abs(tube.across / tube.radius)
    ends = (0.75 + 0.4 * side**3) * np.clip((1 - side) / 0.15, 0, 1)
    _add(scene, tube, strength * fade * bar * ends)
    inside = (along >= start) & (along <= end)
    scene.rings[tube.rows[inside], tube.columns[inside]] = True


def _paint_fibre(scene: _Scene, tube: Tube, *, photons: float) -> None:
    """A fibre along the dendrite that wanders between its walls and ends somewhere."""
    rng = scene.rng
    length = scene.px(rng.uniform(2500, 7000))
    start = rng.uniform(0.2 * tube.length - length, 0.8 * tube.length)
    wander = 0.25 * smooth_noise(rng, int(tube.length) + 1, scene.px(700))
    middle = np.clip(rng.uniform(-0.75, 0.75) + wander, -0.9, 0.9)[tube.along.astype(int)]
    distance = np.abs(tube.across - middle * tube.radius)
    fade = _within(tube.along, start, start + length, softness=scene.px(300))
    beaded = np.exp(0.3 * smooth_noise(rng, int(tube.length) + 1, scene.px(250)))
    sigma = scene.px(16)
    _add(
        scene,
        tube,
        photons * fade * beaded[tube.along.astype(int)] * np.exp(-0.5 * (distance / sigma) ** 2),
    )
    # Half the width at half maximum, after the microscope's blur.
    blurred = np.hypot(sigma * _FWHM_PER_SIGMA, scene.px(PSF_FWHM_NM)) / 2
    inside = (distance <= blurred) & (fade >= 0.5)
    scene.fibres[tube.rows[inside], tube.columns[inside]] = True


def _paint_spine(scene: _Scene, tube: Tube) -> None:
    """A bright head full of actin beside the dendrite, on a short neck; neither structure."""
    if not len(tube.rows):
        return
    rng = scene.rng
    wall = np.flatnonzero(np.abs(tube.across) > tube.radius - 1.5)
    if not len(wall):
        return
    root = rng.choice(wall)
    y, x = tube.rows[root], tube.columns[root]
    angle, neck = rng.uniform(0, 2 * np.pi), scene.px(rng.uniform(200, 600))
    head = np.array([y + neck * np.sin(angle), x + neck * np.cos(angle)])
    side = np.arange(len(scene.light))
    for share, width in ((0.0, 60), (0.3, 60), (0.6, 70), (1.0, rng.uniform(110, 180))):
        centre = np.array([y, x]) * (1 - share) + head * share
        rows, columns = np.exp(-0.5 * ((side - centre[:, None]) / scene.px(width)) ** 2)
        scene.light += rng.uniform(4, 14) * np.outer(rows, columns)


def _within(values: Array, start: float, end: float, *, softness: float) -> Array:
    """1 between start and end, 0 outside, 0.5 at both."""
    inside: Array = np.clip(0.5 + (values - start) / (2 * softness), 0, 1)
    before_end: Array = np.clip(0.5 + (end - values) / (2 * softness), 0, 1)
    return inside * before_end


def _add(scene: _Scene, tube: Tube, photons: Array) -> None:
    scene.light[tube.rows, tube.columns] += photons


def _paint_puncta(scene: _Scene, tube: Tube) -> None:
    """Small bright patches that neurites are dotted with; neither structure."""
    spots = np.zeros_like(scene.light)
    chosen = scene.rng.random(len(tube.rows)) < 2.5e-4 * (scene.nm / 20) ** 2
    rows, columns = tube.rows[chosen], tube.columns[chosen]
    spots[rows, columns] = scene.rng.lognormal(0, 0.5, size=len(rows))
    sigma = scene.px(45)
    scene.light += 12 * 2 * np.pi * sigma**2 * gaussian_filter(spots, sigma)


def _stain(scene: _Scene) -> None:
    """Uneven binding of the dye: fine grains and broad patches, which break up rings and fibres."""
    for grain, depth in ((45, 0.40), (400, 0.25)):
        sigma = scene.px(grain)
        noise = gaussian_filter(scene.rng.normal(size=scene.light.shape), sigma, mode="wrap")
        scene.light *= np.exp(depth * noise * 2 * np.sqrt(np.pi) * sigma)


def _photograph(scene: _Scene) -> NDArray[np.uint16]:
    """Blur by the point-spread function, add background and count photons.

    The function is a gaussian of 55 nm FWHM and, where depletion is incomplete, a wide one of
    250 nm with 12 % of the light; light from out of focus is a very wide one.
    """
    sharp = gaussian_filter(scene.light, scene.px(PSF_FWHM_NM) / _FWHM_PER_SIGMA)
    wide = gaussian_filter(scene.light, scene.px(250) / _FWHM_PER_SIGMA)
    unfocused = gaussian_filter(scene.light, scene.px(1200) / _FWHM_PER_SIGMA)
    expected = 0.88 * sharp + 0.12 * wide + 0.15 * unfocused + 0.6
    return scene.rng.poisson(expected).astype(np.uint16)
