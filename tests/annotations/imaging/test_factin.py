"""The simulated set: does it hold the facts it claims?"""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation
from skimage.measure import label, regionprops
from skimage.morphology import skeletonize

from annotations.imaging.factin import RING_PERIOD_NM, FactinSample, simulate_factin
from annotations.imaging.grid import patch_labels


@pytest.fixture(scope="module")
def samples() -> list[FactinSample]:
    return [simulate_factin(seed=seed) for seed in range(4)]


def test_the_same_seed_gives_the_same_image() -> None:
    first, again, other = (simulate_factin(seed=seed, size=96) for seed in (3, 3, 4))
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.rings_mask, again.rings_mask)
    assert np.array_equal(first.fibres_mask, again.fibres_mask)
    assert not np.array_equal(first.image, other.image)


def test_image_and_truth_have_the_size_asked_for() -> None:
    sample = simulate_factin(seed=0, size=200)
    assert sample.image.shape == sample.rings_mask.shape == sample.fibres_mask.shape == (200, 200)
    assert sample.image.dtype == np.uint16
    assert sample.rings_mask.dtype == sample.fibres_mask.dtype == bool


def test_patches_of_both_answers_are_plenty_for_both_structures(
    samples: list[FactinSample],
) -> None:
    for masks in ([s.rings_mask for s in samples], [s.fibres_mask for s in samples]):
        share = np.mean([patch_labels(mask, 64).mean() for mask in masks])
        assert 0.15 < share < 0.6


def test_rings_stand_190_nm_apart(samples: list[FactinSample]) -> None:
    """The strongest period within stretches of rings, by the autocorrelation of the image."""
    lags = [_period_px(sample) for sample in samples]
    assert np.mean(lags) * 20 == pytest.approx(RING_PERIOD_NM, rel=0.08)


def _period_px(sample: FactinSample) -> float:
    """Distance of the first side peak of the autocorrelation, over the straightest stretches."""
    alone = sample.rings_mask & ~binary_dilation(sample.fibres_mask, iterations=3)
    peaks = []
    labels = label(alone)
    for region in regionprops(labels, sample.image.astype(float)):
        if region.area < 800 or region.solidity < 0.9 or region.eccentricity < 0.93:
            continue
        profile = _profile(region)
        profile -= np.convolve(profile, np.ones(19) / 19, mode="same")
        correlation = np.correlate(profile, profile, mode="full")[len(profile) - 1 :]
        peaks.append(6 + int(correlation[6:15].argmax()))
    assert peaks
    return float(np.median(peaks))


def _profile(region: object) -> np.ndarray:
    """Mean intensity along the long axis of a region, in steps of 1 px."""
    points, values = region.coords, region.image_intensity[region.image]  # type: ignore[attr-defined]
    centred = points - points.mean(axis=0)
    axis = np.linalg.svd(centred, full_matrices=False)[2][0]
    place = (centred @ axis).round().astype(int)
    place -= place.min()
    counts = np.bincount(place)
    return np.bincount(place, weights=values) / np.maximum(counts, 1)


def test_fibres_are_brighter_than_the_dendrite_beside_them(samples: list[FactinSample]) -> None:
    for sample in samples:
        beside = binary_dilation(sample.fibres_mask, iterations=8)
        beside &= ~binary_dilation(sample.fibres_mask, iterations=3) & ~sample.rings_mask
        fibres = sample.fibres_mask & ~sample.rings_mask
        assert sample.image[fibres].mean() > 2 * sample.image[beside].mean()


def test_fibres_are_as_thin_as_the_microscope_shows_them(samples: list[FactinSample]) -> None:
    for sample in samples:
        lines = skeletonize(sample.fibres_mask)
        width = sample.fibres_mask.sum() / lines.sum()
        # About 67 nm (38 nm thick, blurred by 55 nm) or 3.3 px; bundles and crossings add some.
        assert 3 < width < 5


def test_noise_is_that_of_counted_photons(samples: list[FactinSample]) -> None:
    corner = _darkest(samples[1].image)
    # Poisson: variance equals mean. 64 x 64 counts place their ratio within a few percent.
    assert corner.var() / corner.mean() == pytest.approx(1.0, abs=0.15)


def _darkest(image: np.ndarray) -> np.ndarray:
    tiles = image.reshape(8, 64, 8, 64).swapaxes(1, 2).reshape(-1, 64, 64)
    darkest: np.ndarray = tiles[tiles.mean(axis=(1, 2)).argmin()]
    return darkest


@pytest.mark.parametrize(("size", "pixel_size_nm"), [(0, 20), (64, 0), (64, 41)])
def test_what_cannot_be_simulated_is_refused(size: int, pixel_size_nm: float) -> None:
    with pytest.raises(ValueError, match="pixel size"):
        simulate_factin(seed=0, size=size, pixel_size_nm=pixel_size_nm)
