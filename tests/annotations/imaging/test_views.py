"""A stack seen as one picture."""

from pathlib import Path
from typing import Any

import numpy as np
import ome_zarr_models
import pytest
import zarr
from numpy.typing import NDArray

from annotations.imaging.store.read import Store, open_store
from annotations.imaging.store.write import write_image, write_projection
from annotations.imaging.thumbnail import write_thumbnail
from annotations.imaging.view import NoSuchChannel, View
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.sources import Recorded


@pytest.fixture
def stack() -> NDArray[Any]:
    """(T, C, Z, H, W)."""
    return pixels((2, 3, 5, 30, 40), "uint16")


@pytest.fixture
def store(stack: NDArray[Any], tmp_path: Path) -> Store:
    write_image(Recorded(stack, pixel_size_z_um=0.5), tmp_path / "image.zarr", name="a")
    return open_store(tmp_path / "image.zarr")


def test_the_middle_plane_of_the_first_time_point_is_shown_at_first(
    store: Store, stack: NDArray[Any]
) -> None:
    assert store.shape == (3, 30, 40)
    assert np.array_equal(store.read(0, 30, 0, 40), stack[0, :, 2])


@pytest.mark.parametrize(("z", "plane"), [(0, 0), (4, 4), (9, 4)])
def test_a_plane_beyond_the_last_is_the_last(
    store: Store, stack: NDArray[Any], z: int, plane: int
) -> None:
    seen = store.viewed(View(z=z, t=7)).read(5, 9, 10, 20)
    assert np.array_equal(seen, stack[1, :, plane, 5:9, 10:20])


def test_channels_come_in_the_order_of_the_view(store: Store, stack: NDArray[Any]) -> None:
    view = store.viewed(View(z=1, channels=(2, 0)))
    assert view.shape == (2, 30, 40)
    assert view.channel_names == ("Channel 3", "Channel 1")
    assert view.limits == [store.limits[2], store.limits[0]]
    assert np.array_equal(view.read(0, 30, 0, 40), stack[0, [2, 0], 1])
    assert store.shape == (3, 30, 40)


@pytest.mark.parametrize("channel", [3, -1])
def test_a_channel_that_is_not_there_is_an_error(store: Store, channel: int) -> None:
    with pytest.raises(NoSuchChannel, match="has 3 channels"):
        store.viewed(View(channels=(channel,)))


def test_a_maximum_is_computed_where_no_projection_is_kept(
    store: Store, stack: NDArray[Any]
) -> None:
    view = store.viewed(View("max", t=1, channels=(1,)))
    assert np.array_equal(view.read(3, 20, 5, 40), stack[1, [1], :, 3:20, 5:40].max(axis=1))


def test_a_projection_that_is_kept_is_read_instead(
    store: Store, stack: NDArray[Any], tmp_path: Path
) -> None:
    write_projection(tmp_path / "image.zarr", tmp_path / "projection.zarr")
    projection = open_store(tmp_path / "projection.zarr")
    assert projection.sizes == {"t": 2, "c": 3, "z": 1, "y": 30, "x": 40}
    assert projection.pixel_size_um == (0.1, 0.2)
    assert projection.channel_names == store.channel_names
    view = store.viewed(View("max", t=1, channels=(2, 1)))
    # So that it shows whether it is read: another maximum than the stack's.
    group = zarr.open_group(tmp_path / "projection.zarr", mode="r+")
    array = group["0"]
    assert isinstance(array, zarr.Array)
    array[1, 2, 0, 0] = 65_000
    expected = stack[1, [2, 1]].max(axis=1)
    expected[0, 0, 0] = 65_000
    assert np.array_equal(view.read(0, 30, 0, 40), expected)
    assert view.limits == [projection.limits[2], projection.limits[1]]


def test_the_axes_of_a_stack_are_valid_ome_zarr(store: Store, tmp_path: Path) -> None:
    image = ome_zarr_models.open_ome_zarr(zarr.open_group(tmp_path / "image.zarr", mode="r"))
    assert isinstance(image, ome_zarr_models.v05.Image)
    multiscale = image.ome_attributes.multiscales[0]
    assert [axis.name for axis in multiscale.axes] == ["t", "c", "z", "y", "x"]
    assert [axis.unit for axis in multiscale.axes] == [None, None] + ["micrometer"] * 3
    scale = multiscale.datasets[0].coordinateTransformations[0]
    assert scale.model_dump()["scale"] == [1.0, 1.0, 0.5, 0.1, 0.2]


def test_a_thumbnail_shows_the_view(store: Store, tmp_path: Path) -> None:
    plane, highest = tmp_path / "plane.png", tmp_path / "max.png"
    for view, path in ((View(), plane), (View("max"), highest)):
        seen = store.viewed(view)
        write_thumbnail(seen, path, limits=seen.limits, colours=seen.channel_colours, is_rgb=False)
    assert plane.read_bytes() != highest.read_bytes()
