"""How deep pixels lie: half of a strip's width, and no border where the image ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference.objects.depths import CLOSED, padded, to_border
from tests.inference.objects.shapes import Mask, discs
from tests.support.objects import separate


@pytest.mark.parametrize("width", range(1, 12))
def test_a_strip_is_as_deep_as_half_its_width_even_or_odd(width: int) -> None:
    strip = np.zeros((width + 2, 30), dtype=bool)
    strip[1:-1] = True
    assert to_border(strip).max() == width / 2


@given(arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
@settings(max_examples=60, deadline=None)
def test_depths_are_those_of_the_deepest_quarter(mask: Mask) -> None:
    """By hand: every quarter of a pixel against every quarter of the background."""
    if mask.all():
        return
    fine = np.kron(mask, np.ones((2, 2), dtype=bool))
    background = np.argwhere(~fine)
    expected = np.zeros(mask.shape)
    for y, x in np.argwhere(fine):
        nearest = np.hypot(*(background - (y, x)).T).min() / 2
        expected[y // 2, x // 2] = max(expected[y // 2, x // 2], nearest)
    np.testing.assert_allclose(to_border(mask), expected)


def test_background_surrounds_a_region_but_on_open_sides() -> None:
    region = np.ones((3, 4), dtype=bool)
    closed, own = padded(region, CLOSED)
    assert closed.shape == (5, 6)
    assert closed.sum() == closed[own].sum() == 12
    cut, own = padded(region, (True, False, False, True))
    assert cut.shape == (4, 5)
    assert cut[own].all()
    assert not cut[3].any()
    assert not cut[:, 0].any()


@pytest.mark.parametrize("turns", range(4))
def test_an_object_that_the_image_cuts_off_is_as_deep_as_it_shows(turns: int) -> None:
    """Of a disc of 22 px the image holds 18 px beside a neck of 25 px: were the image's border its
    own, the largest disc in it would be no wider than the neck."""
    mask = np.rot90(discs((60, 60), (-4, 30, 22), (32, 30, 22)), turns)
    assert separate(mask).max() == 2
    assert separate(np.pad(mask, 1)).max() == 1


def test_a_strip_that_crosses_the_image_is_one_object() -> None:
    y, x = np.indices((60, 90))
    for lean in (0, 1 / 8, 1 / 3, 1):
        assert separate(abs(y - 30 - lean * (x - 45)) < 4).max() == 1
