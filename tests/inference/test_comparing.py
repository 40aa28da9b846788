"""Agreement with a reference, against masks of whole images compared pair by pair."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage

from inference.comparing import Comparison, compare_bands

Labels = npt.NDArray[np.int32]


def _blobs(seed: int, height: int = 83, width: int = 97) -> Labels:
    noise = np.random.default_rng(seed).normal(size=(height, width))
    labels, _ = ndimage.label(ndimage.gaussian_filter(noise, 3) > 0.05)
    return np.asarray(labels, dtype=np.int32)


def _shifted(labels: Labels) -> Labels:
    """The same objects a little off, some of them gone."""
    moved = np.roll(labels, 1, axis=1)
    return np.where(moved % 4 == 1, 0, moved).astype(np.int32)


def _bands(found: Labels, reference: Labels, rows: int) -> Comparison:
    cuts = range(0, len(found), rows)
    return compare_bands((found[y : y + rows], reference[y : y + rows]) for y in cuts)


def _matches(found: Labels, reference: Labels) -> int:
    """Pairs of whole masks, one after the other."""
    hits = 0
    for one in np.unique(found[found > 0]):
        for other in np.unique(reference[reference > 0]):
            a, b = found == one, reference == other
            hits += int(np.count_nonzero(a & b) > np.count_nonzero(a | b) / 2)
    return hits


@pytest.mark.parametrize("rows", [1, 7, 83])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scores_are_those_of_whole_masks(seed: int, rows: int) -> None:
    reference = _blobs(seed)
    found = _shifted(reference)
    a, b = found > 0, reference > 0
    compared = _bands(found, reference, rows)
    tp, fp, fn = (np.count_nonzero(part) for part in (a & b, a & ~b, ~a & b))
    assert compared.pixel_f1 == pytest.approx(2 * tp / (2 * tp + fp + fn))
    assert compared.iou == pytest.approx(tp / (tp + fp + fn))
    objects = len(np.unique(found)) - 1, len(np.unique(reference)) - 1
    hits = _matches(found, reference)
    assert 0 < hits < objects[1]
    assert compared.object_f1 == pytest.approx(2 * hits / sum(objects))
    assert compared.count_error == objects[0] - objects[1] < 0


def test_the_same_objects_under_other_numbers_agree_wholly() -> None:
    reference = _blobs(4)
    found = np.where(reference > 0, 1000 - reference, 0)
    compared = _bands(found, reference, 16)
    assert (compared.pixel_f1, compared.iou, compared.object_f1) == (1, 1, 1)
    assert compared.count_error == 0


def test_nothing_on_both_sides_has_no_score_and_on_one_side_none_is_right() -> None:
    empty = np.zeros((8, 8), np.int32)
    square = empty.copy()
    square[2:4, 2:4] = 1
    nothing = _bands(empty, empty, 8)
    assert (nothing.pixel_f1, nothing.iou, nothing.object_f1) == (None, None, None)
    for found, reference, error in ((square, empty, 1), (empty, square, -1)):
        compared = _bands(found, reference, 8)
        assert (compared.pixel_f1, compared.iou, compared.object_f1) == (0, 0, 0)
        assert compared.count_error == error


def test_half_an_object_is_no_match() -> None:
    reference = np.zeros((4, 8), np.int32)
    reference[:, :] = 1
    found = np.zeros((4, 8), np.int32)
    found[:, :4] = 1
    assert _bands(found, reference, 4).matched == 0
    found[0, 4] = 1
    assert _bands(found, reference, 4).matched == 1


def test_bands_of_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="does not lie over"):
        Comparison().add(np.zeros((2, 3), np.int32), np.zeros((2, 4), np.int32))
