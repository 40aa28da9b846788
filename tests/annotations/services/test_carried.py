"""Values of patches, carried to another set of images."""

import numpy as np

from annotations.services.carried import carried
from annotations.services.sheets import Layout


def layout(*images: tuple[int, int, int]) -> Layout:
    """Images by key, rows and columns."""
    keys, rows, columns = np.array(images, dtype=np.int64).reshape(-1, 3).T
    starts = np.concatenate([[0], np.cumsum(rows * columns)])
    return Layout(keys, rows, columns, starts)


def test_values_follow_their_images_and_others_are_missing() -> None:
    old = layout((5, 1, 2), (7, 1, 3))
    new = layout((7, 1, 3), (9, 1, 1), (5, 1, 2))
    values = np.array([1, 2, 3, 4, 5], dtype=np.int8)

    assert carried(values, old, new, missing=0).tolist() == [3, 4, 5, 0, 1, 2]


def test_an_image_that_has_another_size_now_is_missing() -> None:
    values = np.array([1.0, 2.0], dtype=np.float32)

    found = carried(values, layout((5, 1, 2)), layout((5, 1, 3)), missing=np.nan)

    assert np.isnan(found).all()
    assert found.dtype == np.float32


def test_what_is_carried_is_a_copy() -> None:
    same = layout((5, 1, 2))
    values = np.array([True, False])

    found = carried(values, same, same, missing=False)
    found[:] = False

    assert values.tolist() == [True, False]
