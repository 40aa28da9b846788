"""What answers on one patch grid say about the patches of another one, and where they say nothing.

An answer is only carried over where it follows from what was said:

- A new patch that is exactly an old one keeps its answer, "unsure" included.
- It is "yes" where a "yes" patch lies wholly within it: the structure is somewhere in that patch,
  so it is in the new one.
- It is "no" where every pixel of it lies in a "no" patch.
- Where both hold, which only contradicting answers on overlapping patches can bring about, and
  everywhere else, it stays without an answer. So a "yes" is never carried to smaller patches:
  nobody said which of them the structure is in.
"""

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.grid import Grid

NONE, YES, NO, UNSURE = range(4)
Codes = NDArray[np.uint8]


def transfer(old: Grid, codes: Codes, new: Grid) -> Codes:
    """Carry the answers of one person about one structure to another grid of the same image.

    Args:
        old: the grid that was answered on.
        codes: uint8 (old.rows, old.columns): 0 no answer, 1 yes, 2 no, 3 unsure.
        new: the grid to answer on; of the same height and width.

    Returns:
        uint8 (new.rows, new.columns) of the same codes.

    Raises:
        ValueError: the grids are of different images, or the codes not of the old grid.
    """
    if (old.height, old.width) != (new.height, new.width):
        raise ValueError("Both grids must lie over the same image.")
    if codes.shape != (old.rows, old.columns):
        raise ValueError("There must be one code for each patch of the old grid.")
    yes, no = _holds_a_yes(old, codes, new), _all_no(old, codes, new)
    carried = np.full((new.rows, new.columns), NONE, np.uint8)
    carried[yes & ~no] = YES
    carried[no & ~yes] = NO
    _keep_equal_patches(old, codes, new, carried)
    return carried


def _holds_a_yes(old: Grid, codes: Codes, new: Grid) -> NDArray[np.bool_]:
    """(new.rows, new.columns): whether an old "yes" patch lies wholly within."""
    (top, bottom), (left, right) = (
        _within(theirs, ours) for theirs, ours in zip(old.spans, new.spans, strict=True)
    )
    sums = np.zeros((old.rows + 1, old.columns + 1), np.int64)
    sums[1:, 1:] = (codes == YES).cumsum(0, np.int64).cumsum(1)
    count = (
        sums[np.ix_(bottom, right)]
        - sums[np.ix_(top, right)]
        - sums[np.ix_(bottom, left)]
        + sums[np.ix_(top, left)]
    )
    return count > 0


def _within(
    old: NDArray[np.int64], new: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each new span the range (first, end) of the old spans that lie wholly within it."""
    first = np.searchsorted(old[:, 0], new[:, 0], side="left")
    # Ends grow with starts, so what ends in time is a beginning of the list.
    end = np.searchsorted(old[:, 1], new[:, 1], side="right")
    return first, np.maximum(first, end)


def _all_no(old: Grid, codes: Codes, new: Grid) -> NDArray[np.bool_]:
    """(new.rows, new.columns): whether "no" patches cover every pixel.

    Goes from one new row to the next, so that memory holds a few rows however large the image is.
    """
    old_rows, old_columns = old.spans
    new_rows, new_columns = new.spans
    edges = np.unique(np.concatenate([old_columns.ravel(), new_columns.ravel()]))
    old_at, new_at = np.searchsorted(edges, old_columns), np.searchsorted(edges, new_columns)
    covered = np.zeros((new.rows, new.columns), bool)
    for row, (top, bottom) in enumerate(new_rows):
        strips = _strips(old_rows, int(top), int(bottom))
        pieces = [_covered(codes[rows] == NO, old_at, len(edges) - 1) for rows in strips]
        gaps = np.concatenate([[0], np.cumsum(~np.logical_and.reduce(pieces))])
        covered[row] = gaps[new_at[:, 1]] == gaps[new_at[:, 0]]
    return covered


def _strips(spans: NDArray[np.int64], top: int, bottom: int) -> list[slice]:
    """The old rows over each part of [top, bottom) between two of their edges."""
    inner = spans[(spans > top) & (spans < bottom)]
    tops = np.unique(np.concatenate([[top], inner]))
    first = np.searchsorted(spans[:, 1], tops, side="right")
    end = np.searchsorted(spans[:, 0], tops, side="right")
    return [slice(int(a), int(b)) for a, b in zip(first, end, strict=True)]


def _covered(no: NDArray[np.bool_], spans: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Which of `count` pieces of a side the spans cover that are True in any row of `no`."""
    chosen = spans[no.any(axis=0)]
    steps = np.zeros(count + 1, np.int64)
    np.add.at(steps, chosen[:, 0], 1)
    np.add.at(steps, chosen[:, 1], -1)
    return steps.cumsum()[:-1] > 0


def _keep_equal_patches(old: Grid, codes: Codes, new: Grid, carried: Codes) -> None:
    (old_rows, new_rows), (old_columns, new_columns) = (
        _equal(theirs, ours) for theirs, ours in zip(old.spans, new.spans, strict=True)
    )
    kept = codes[np.ix_(old_rows, old_columns)]
    there = np.ix_(new_rows, new_columns)
    carried[there] = np.where(kept == NONE, carried[there], kept)


def _equal(
    old: NDArray[np.int64], new: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of the spans that both have; starts alone differ within a grid."""
    _, theirs, ours = np.intersect1d(old[:, 0], new[:, 0], return_indices=True)
    same = old[theirs, 1] == new[ours, 1]
    return theirs[same], ours[same]
