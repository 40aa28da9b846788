"""Touching objects are told apart, and nothing else is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage
from skimage.morphology import convex_hull_image

from inference.objects import parts
from inference.objects.components import label_objects
from inference.objects.seeds import METHODS, Method
from tests.inference.objects.shapes import Mask, discs, ellipse
from tests.support.objects import separate


@pytest.mark.parametrize("radius", [6, 12, 40])
def test_two_touching_discs_are_two_objects_of_any_size(radius: int) -> None:
    apart = round(1.6 * radius)
    size = (4 * radius, 4 * radius + apart)
    left, right = (2 * radius, 2 * radius), (2 * radius, 2 * radius + apart)
    mask = discs(size, (*left, radius), (*right, radius))
    labels = separate(mask)
    assert labels.max() == 2
    assert labels[left] == 1
    assert labels[right] == 2
    # By symmetry the cut is the line between the centres, to a px.
    middle = left[1] + apart / 2
    _, columns = np.nonzero(labels == 1)
    assert abs(columns.max() - middle) <= 1


def test_a_small_disc_at_a_large_one_is_an_object_of_its_own() -> None:
    mask = discs((120, 160), (60, 60, 40), (60, 110, 14))
    labels = separate(mask)
    assert labels.max() == 2
    assert labels[60, 60] != labels[60, 115]


def test_a_cluster_falls_into_as_many_as_touch() -> None:
    centres = [(30 + 34 * row, 30 + 34 * column) for row in range(3) for column in range(4)]
    mask = discs((130, 165), *((y, x, 18) for y, x in centres))
    assert label_objects(mask).max() == 1
    labels = separate(mask)
    assert sorted(int(labels[centre]) for centre in centres) == list(range(1, 13))


@pytest.mark.parametrize("degrees", [0, 17, 45, 80])
@pytest.mark.parametrize("half", [(40, 40), (45, 25), (50, 12), (9, 5), (60, 4)])
def test_an_ellipse_is_never_cut(half: tuple[float, float], degrees: float) -> None:
    assert separate(ellipse((130, 130), half, degrees)).max() == 1


@given(arrays(np.bool_, (9, 9), elements=st.booleans()))
@settings(max_examples=60, deadline=None)
def test_a_convex_region_of_12_px_and_more_is_never_cut(spots: Mask) -> None:
    mask = np.kron(spots, np.ones((12, 12), dtype=bool)).astype(bool)
    if mask.any():
        assert separate(np.asarray(convex_hull_image(mask))).max() == 1


@pytest.mark.parametrize("width", np.arange(3, 20.5, 0.5))
def test_a_straight_strip_is_never_cut_however_it_leans(width: float) -> None:
    """Its border has steps of 1 px, one in 1 to 14 px: they are no necks."""
    for run in range(1, 15):
        for shift in (0.0, 0.3):
            strip = _strip(width, 4 * width, np.arctan(1 / run), shift)
            assert separate(strip).max() == 1


def _strip(width: float, length: float, lean: float, shift: float) -> Mask:
    side = int(length + width) + 6
    y, x = np.indices((side, side)) - side / 2 + shift
    across, along = y * np.cos(lean) - x * np.sin(lean), x * np.cos(lean) + y * np.sin(lean)
    mask = np.maximum(abs(across) / width, abs(along) / length) < 0.5
    return np.asarray(label_objects(mask) == 1)


def test_long_rods_end_to_end_are_two_where_the_neck_is_deep() -> None:
    """The discs in them fill 31 % of their area, so a slight neck would be none."""
    y, x = np.indices((30, 110)) - np.array([15, 55])[:, None, None]
    along = np.maximum(abs(abs(x) - 24) - 16, 0)
    assert separate(np.hypot(y, along) <= 8.5).max() == 2
    assert separate((np.hypot(y, along) <= 8.5) | (abs(y) <= 7) & (abs(x) < 30)).max() == 1


def test_a_bent_fibre_of_uneven_width_stays_whole() -> None:
    x = np.arange(20, 380)
    spine = np.zeros((160, 400), dtype=bool)
    spine[(80 + 40 * np.sin(x / 40)).astype(int), x] = True
    width = 4 + 1.5 * np.sin(np.arange(400) / 9)
    mask = ndimage.distance_transform_edt(~spine) <= width[None, :]
    assert label_objects(mask).max() == 1
    assert separate(mask).max() == 1


def test_a_ring_with_a_ragged_border_stays_whole() -> None:
    ragged = np.random.default_rng(0).random((90, 90)) < 0.5
    y, x = np.indices((90, 90)) - 44.5
    radius = np.hypot(y, x)
    mask = (radius > 29) & (radius < 39) | ragged & (radius > 28) & (radius < 40)
    mask = label_objects(mask) == 1
    assert separate(mask).max() == 1


def test_a_pinhole_cuts_nothing() -> None:
    mask = discs((80, 80), (40, 40, 25))
    mask[38:41, 30:32] = False
    assert separate(mask).max() == 1


def test_h_tells_how_deep_a_neck_must_be() -> None:
    """Discs of radius 20 at 36 px: the neck's half width is sqrt(20² - 18²) = 8.7, so it is 11.3
    px lower than the maxima."""
    mask = discs((60, 100), (30, 30, 20), (30, 66, 20))
    counts = [
        separate(mask, method="h-maxima", h_px=h, smoothing_px=0).max() for h in (8.0, 10.0, 13.0)
    ]
    assert counts == [2, 2, 1]


def test_seeds_are_as_far_apart_as_asked() -> None:
    mask = discs((60, 100), (30, 30, 20), (30, 66, 20))
    counts = [separate(mask, method="distance", min_distance_px=d).max() for d in (10, 30, 60)]
    assert counts == [2, 2, 1]


def test_touching_discs_stay_one_when_asked_to() -> None:
    mask = discs((60, 100), (30, 30, 20), (30, 66, 20))
    np.testing.assert_array_equal(separate(mask, method="none"), label_objects(mask))


@pytest.mark.parametrize("method", METHODS)
@given(mask=arrays(np.bool_, (24, 31)), least=st.sampled_from([1, 4, 16]))
@settings(max_examples=40, deadline=None)
def test_objects_are_connected_parts_of_the_mask_and_cover_it(
    method: Method, mask: Mask, least: int
) -> None:
    labels = separate(mask, method=method, min_area_px=least)
    assert labels.dtype == np.int32
    np.testing.assert_array_equal(labels > 0, label_objects(mask, min_area_px=least) > 0)
    numbers, areas = np.unique(labels[labels > 0], return_counts=True)
    assert numbers.tolist() == list(range(1, len(numbers) + 1))
    assert (areas >= least).all()
    assert all(ndimage.label(labels == number)[1] == 1 for number in numbers)


def test_an_object_does_not_depend_on_what_lies_beside_it() -> None:
    pair = discs((60, 100), (30, 30, 20), (30, 66, 20))
    both = np.zeros((60, 300), dtype=bool)
    both[:, :100] = pair
    both[:, 150:] = discs((60, 150), (30, 30, 8), (30, 100, 28))
    beside = separate(both)[:, :100]
    # Numbers go on from those above.
    np.testing.assert_array_equal(np.maximum(beside - 1, 0), separate(pair))


def test_a_large_region_is_cut_at_a_lower_resolution(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = discs((240, 400), (120, 120, 80), (120, 264, 80))
    monkeypatch.setattr(parts, "LARGEST_BOX_PX", 20_000)
    labels = separate(mask)
    assert labels.max() == 2
    np.testing.assert_array_equal(labels > 0, mask)
    _, columns = np.nonzero(labels == 1)
    assert abs(columns.max() - 192) <= 3


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_and_a_full_mask_have_none_and_one(method: Method) -> None:
    assert separate(np.zeros((20, 30), dtype=bool), method=method).max() == 0
    assert separate(np.ones((20, 30), dtype=bool), method=method).max() == 1


def test_what_is_no_method_or_no_length_is_refused() -> None:
    mask = np.ones((4, 4), dtype=bool)
    with pytest.raises(ValueError, match="Unknown separation 'magic'"):
        separate(mask, method="magic")
    with pytest.raises(ValueError, match="not negative"):
        separate(mask, method="h-maxima", h_px=-1)


def test_a_thousand_pairs_are_two_thousand_objects() -> None:
    """Discs of 18 px on a field of 800 x 2,000 px."""
    pair = discs((40, 40), (14, 20, 9), (28, 20, 9))
    assert separate(np.tile(pair, (20, 50))).max() == 2_000
