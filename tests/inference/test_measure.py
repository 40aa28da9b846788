"""Object tables, against scikit-image's own tables and counting by hand."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.measure import regionprops_table

from inference.measure import measure_bands, measure_objects, table_schema
from inference.objects.components import label_objects

SHARED = [
    "label",
    "area",
    "centroid-0",
    "centroid-1",
    "bbox-0",
    "bbox-1",
    "bbox-2",
    "bbox-3",
    "equivalent_diameter_area",
    "eccentricity",
    "solidity",
    "perimeter",
]


def _blobs(seed: int = 0) -> np.ndarray:
    """(90, 120) bool: discs and ellipses, some touching, one at the border, one single pixel."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices((90, 120))
    mask = np.zeros((90, 120), bool)
    for _ in range(9):
        y, x, a, b = random.uniform((0, 0, 3, 3), (90, 120, 14, 9))
        mask |= ((rows - y) / a) ** 2 + ((columns - x) / b) ** 2 < 1
    mask[0, 119] = True
    return mask


def _measure(mask: np.ndarray, **options: object) -> pa.Table:
    planes = np.random.default_rng(1).integers(0, 4096, (2, *mask.shape)).astype(np.uint16)
    defaults: dict[str, object] = {
        "score": None,
        "pixel_size_um": None,
        "channel_names": ["DAPI", "Actin"],
    }
    return measure_objects(mask, planes, **(defaults | options))  # type: ignore[arg-type]


def test_objects_that_touch_at_a_corner_only_are_two() -> None:
    mask = np.array([[1, 0], [0, 1]], bool)
    assert label_objects(mask).tolist() == [[1, 0], [0, 2]]


def test_small_objects_are_left_out_and_the_others_numbered_without_gaps() -> None:
    mask = np.array([[1, 0, 1, 1, 0, 1, 0, 1, 1, 1]], bool)
    labels = label_objects(mask, min_area_px=2)
    assert labels.dtype == np.int32
    assert labels.tolist() == [[0, 0, 1, 1, 0, 0, 0, 2, 2, 2]]


@pytest.mark.parametrize("value", [False, True])
def test_an_empty_and_a_full_mask_have_no_object_and_one(value: bool) -> None:
    assert label_objects(np.full((4, 5), value), min_area_px=3).max() == int(value)


def test_columns_named_as_in_scikit_image_hold_the_same_values() -> None:
    labels = label_objects(_blobs())
    expected = _expected(labels)
    table = _measure(labels)
    assert table.num_rows == labels.max() > 4
    for name in SHARED:
        assert table[name].to_numpy() == pytest.approx(expected[name], rel=1e-12), name


def test_intensities_and_scores_are_means_over_the_object() -> None:
    labels = label_objects(_blobs())
    random = np.random.default_rng(2)
    planes = random.normal(size=(2, *labels.shape)).astype(np.float32)
    score = random.random(labels.shape).astype(np.float32)
    table = measure_objects(
        labels, planes, score=score, pixel_size_um=None, channel_names=["a", "b"]
    )
    for row in table.to_pylist():
        inside = labels == row["label"]
        assert row["score_mean"] == pytest.approx(score[inside].mean(), abs=1e-6)
        assert row["intensity_mean-a"] == pytest.approx(planes[0][inside].mean(), abs=1e-6)
        assert row["intensity_mean-b"] == pytest.approx(planes[1][inside].mean(), abs=1e-6)


def test_micrometres_follow_the_size_of_a_pixel_that_is_not_square() -> None:
    mask = np.zeros((20, 30), bool)
    mask[2:6, 10:20] = True
    (row,) = _measure(mask, pixel_size_um=(0.5, 0.2)).to_pylist()
    assert row["area"] == 40
    assert row["area_um2"] == pytest.approx(40 * 0.5 * 0.2)
    assert (row["centroid-0"], row["centroid-1"]) == (3.5, 14.5)
    assert row["centroid-0_um"] == pytest.approx(1.75)
    assert row["centroid-1_um"] == pytest.approx(2.9)
    # A disc of 4 µm² has the diameter 2 sqrt(4 / pi) = 2.2568 µm.
    assert row["equivalent_diameter_area_um"] == pytest.approx(2.2568, abs=1e-4)
    # Border pixels lie on a rectangle of 3 x 9 steps: 24 px; sqrt(0.5 * 0.2) = 0.31623 µm each.
    assert row["perimeter"] == pytest.approx(24)
    assert row["perimeter_um"] == pytest.approx(24 * 0.31623, abs=1e-3)


def test_without_pixel_size_and_score_their_columns_are_null() -> None:
    (row,) = _measure(np.ones((3, 3), bool)).to_pylist()
    nulls = {name for name, value in row.items() if value is None}
    assert nulls == {name for name in row if name.endswith(("_um", "_um2"))} | {"score_mean"}


def test_an_empty_mask_gives_the_same_columns_and_no_row() -> None:
    empty, full = _measure(np.zeros((5, 6), bool)), _measure(np.ones((5, 6), bool))
    assert empty.num_rows == 0
    assert empty.schema == full.schema == table_schema(["DAPI", "Actin"])


def test_objects_of_a_label_image_keep_their_labels() -> None:
    labels = np.zeros((6, 6), np.uint16)
    labels[0, :2], labels[3:, 3:] = 7, 300
    assert _measure(labels)["label"].to_pylist() == [7, 300]


def test_channels_of_the_same_name_have_columns_of_their_own() -> None:
    table = _measure(np.ones((3, 3), bool), channel_names=["GFP", "GFP"])
    assert table.column_names[-2:] == ["intensity_mean-GFP", "intensity_mean-GFP-2"]


def test_single_pixels_and_lines_have_measures_that_are_numbers() -> None:
    mask = np.zeros((9, 40), bool)
    mask[1, 1] = mask[4, 3:30] = True
    for row in _measure(mask).to_pylist():
        assert np.isfinite([row[name] for name in SHARED]).all()


@pytest.mark.parametrize(
    ("mask", "options", "word"),
    [
        (np.ones((3, 3, 1), bool), {}, "does not lie over planes"),
        (np.ones((3, 3), bool), {"score": np.ones((2, 3))}, "score"),
        (np.ones((3, 3), bool), {"channel_names": ["one"]}, "1 channel names for 2"),
        (np.ones((3, 3), np.float32), {}, "float32"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    mask: np.ndarray, options: dict[str, object], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        _measure(mask, **options)


def _expected(labels: np.ndarray) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = regionprops_table(
        labels,
        properties=[name for name in SHARED if name[-2] != "-"] + ["centroid", "bbox"],
    )
    return found


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 23), st.integers(1, 31)), elements=st.integers(0, 3)),
    st.sampled_from([1, 2, 3, 5]),
)
@settings(max_examples=120, deadline=None)
def test_any_labels_are_measured_as_scikit_image_measures_them(labels: np.ndarray, by: int) -> None:
    """Scattered, torn, touching; larger ones too."""
    labels = np.kron(labels, np.ones((by, by), np.uint8))
    expected, table = _expected(labels), _measure(labels)
    for name in SHARED:
        rel, near = (0, 1e-7) if name == "eccentricity" else (1e-9, 1e-12)
        assert table[name].to_numpy() == pytest.approx(expected[name], rel=rel, abs=near), name


@given(arrays(np.bool_, (40, 33)), st.lists(st.integers(0, 40), max_size=9))
@settings(max_examples=60, deadline=None)
def test_bands_of_any_height_give_the_table_of_the_whole(mask: np.ndarray, cuts: list[int]) -> None:
    labels = label_objects(mask)
    random = np.random.default_rng(3)
    planes, score = random.integers(0, 4096, (2, *mask.shape)), random.random(mask.shape)
    how = {"pixel_size_um": (0.5, 0.25), "channel_names": ["a", "b"]}
    whole = measure_objects(labels, planes, score=score, **how)  # type: ignore[arg-type]
    edges = [0, *sorted(cuts), 40]
    banded = measure_bands(
        [(y0, labels[y0:y1]) for y0, y1 in pairwise(edges)],
        lambda y0, y1: planes[:, y0:y1],
        score=lambda y0, y1: score[y0:y1],
        **how,  # type: ignore[arg-type]
    )
    assert banded.schema == whole.schema
    for name in whole.column_names:
        np.testing.assert_allclose(banded[name], whole[name], rtol=1e-12, err_msg=name)


def test_moments_of_an_object_as_large_as_an_image_do_not_overflow() -> None:
    """A bar of 1 x 1,000,000 px: its sum of squares times its area needs 79 bits."""
    (row,) = measure_objects(
        np.ones((1, 1_000_000), bool),
        np.ones((1, 1, 1_000_000), np.uint8),
        score=None,
        pixel_size_um=None,
        channel_names=["a"],
    ).to_pylist()
    assert row["eccentricity"] == 1
    assert row["centroid-1"] == 499_999.5
    assert row["solidity"] == 1


def test_a_thousand_objects_are_a_thousand_rows() -> None:
    y, x = np.indices((24, 24)) - 12
    labels = label_objects(np.tile(np.hypot(y, x) < 9, (25, 40)))
    assert _measure(labels).num_rows == 1000
