"""One point and one box per object."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference.measure import measure_objects
from inference.objects.detections import SCHEMA, Detecting, detections


def test_points_boxes_and_scores_of_drawn_objects() -> None:
    labels = np.zeros((10, 12), dtype=np.int32)
    labels[1:4, 2:7] = 1
    labels[6:9, 6:9] = 3
    score = np.where(labels == 1, 0.5, 0.25)
    score[2, 2] = 1.0
    first, second = detections(labels, score).to_pylist()
    assert first == {
        "label": 1, "point-0": 2, "point-1": 4,
        "bbox-0": 1, "bbox-1": 2, "bbox-2": 4, "bbox-3": 7,
        "score_mean": pytest.approx((14 * 0.5 + 1) / 15), "score_max": 1.0,
    }  # fmt: skip
    assert (second["label"], second["point-0"], second["point-1"]) == (3, 7, 7)
    assert second["score_mean"] == second["score_max"] == 0.25


@given(arrays(np.uint8, (7, 9), elements=st.integers(0, 3)))
@settings(max_examples=80, deadline=None)
def test_the_point_lies_inside_and_the_box_around(labels: npt.NDArray[np.uint8]) -> None:
    rows = detections(labels, None).to_pylist()
    assert [row["label"] for row in rows] == [n for n in (1, 2, 3) if (labels == n).any()]
    for row in rows:
        assert labels[row["point-0"], row["point-1"]] == row["label"]
        ys, xs = np.nonzero(labels == row["label"])
        box = [row[f"bbox-{corner}"] for corner in range(4)]
        assert box == [ys.min(), xs.min(), ys.max() + 1, xs.max() + 1]
        assert row["score_max"] is None


@given(arrays(np.uint8, (9, 7), elements=st.integers(0, 3)), st.integers(1, 9))
@settings(max_examples=80, deadline=None)
def test_the_point_is_the_nearest_to_the_centroid_and_scores_are_those_of_the_pixels(
    labels: npt.NDArray[np.uint8], rows: int
) -> None:
    score = np.random.default_rng(3).random(labels.shape)
    detecting = Detecting(_measured(labels, score))
    for y0 in range(0, len(labels), rows):
        detecting.add(labels[y0 : y0 + rows], y0, score[y0 : y0 + rows])
    for row in detecting.table().to_pylist():
        places = np.argwhere(labels == row["label"])
        far = np.square(places - places.mean(axis=0)).sum(axis=1)
        own = np.square(np.array([row["point-0"], row["point-1"]]) - places.mean(axis=0)).sum()
        assert own == pytest.approx(far.min(), abs=1e-9)
        inside = score[labels == row["label"]]
        assert row["score_max"] == inside.max()
        assert row["score_mean"] == pytest.approx(inside.mean(), abs=1e-12)


def _measured(labels: npt.NDArray[np.uint8], score: npt.NDArray[np.float64]) -> pa.Table:
    return measure_objects(
        labels, score[None], score=score, pixel_size_um=None, channel_names=["a"]
    )


def test_labels_that_the_objects_do_not_have_are_refused() -> None:
    labels = np.array([[1, 1, 0, 2]], dtype=np.uint8)
    detecting = Detecting(_measured(np.minimum(labels, 1), np.ones((1, 4))))
    with pytest.raises(ValueError, match="do not belong together"):
        detecting.add(labels, 0, None)


def test_the_point_of_a_ring_lies_on_the_ring() -> None:
    labels = np.ones((9, 9), dtype=np.int32)
    labels[2:7, 2:7] = 0
    (row,) = detections(labels, None).to_pylist()
    assert labels[row["point-0"], row["point-1"]] == 1


def test_no_object_is_an_empty_table_with_its_columns() -> None:
    assert detections(np.zeros((3, 4), dtype=np.int32), None).schema == SCHEMA


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="integers"):
        detections(np.zeros((3, 4)), None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not lie over"):
        detections(np.zeros((3, 4), dtype=int), np.zeros((4, 3)))
