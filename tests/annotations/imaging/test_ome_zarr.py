"""OME-Zarr as a folder and as a zip, in place."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec, GzipCodec, ZstdCodec

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file, list_images
from annotations.imaging.opening import open_image
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.stacks.whole import read_all

_AXES = [
    {"name": "t", "type": "time", "unit": "second"},
    {"name": "c", "type": "channel"},
    {"name": "z", "type": "space", "unit": "micrometer"},
    {"name": "y", "type": "space", "unit": "nanometer"},
    {"name": "x", "type": "space", "unit": "nanometer"},
]


def _multiscale(path: str = "0") -> dict[str, Any]:
    scale = {"type": "scale", "scale": [2.5, 1, 0.4, 100, 110]}
    levels = [{"path": path, "coordinateTransformations": [scale]}]
    channels = [{"label": "DAPI", "color": "0000FF"}, {"label": "GFP", "color": "00FF00"}]
    return {
        "multiscales": [{"axes": _AXES, "datasets": levels, "name": "cells"}],
        "omero": {"channels": channels},
    }


def write_zarr(
    folder: Path, data: NDArray[Any], *, version: int = 3, path: str = "0", **options: Any
) -> Path:
    """An OME-Zarr of version 0.5 (zarr 3) or 0.4 (zarr 2)."""
    attributes: dict[str, Any] = _multiscale(path)
    if version == 3:
        attributes = {"ome": {"version": "0.5", **attributes}}
    group = zarr.open_group(folder, mode="w", zarr_format=2 if version == 2 else 3)
    group.attrs.update(attributes)
    array = group.create_array(
        "0",
        shape=data.shape,
        dtype=data.dtype,
        chunks=options.pop("chunks", (1, 1, 2, 16, 20)),
        **options,
    )
    array[...] = data
    return folder


def zipped(folder: Path, target: Path, *, inside: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, inside + file.relative_to(folder).as_posix())
    return target


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("form", ["folder", "zip", "zip with a folder in it"])
def test_every_plane_and_the_calibration_come_out(tmp_path: Path, version: int, form: str) -> None:
    data = pixels((2, 2, 3, 40, 50))
    path = write_zarr(tmp_path / "a.zarr", data, version=version)
    if form != "folder":
        path = zipped(path, tmp_path / "stored", inside="a.zarr/" if "folder" in form else "")
    header = inspect_file(path, name="a.zarr.zip")
    assert (header.frames, header.channels, header.depth) == (2, 2, 3)
    assert (header.axes, header.format, header.dtype) == ("TCZYX", "OME-Zarr", "uint16")
    assert header.pixel_size_um == pytest.approx((0.1, 0.11))
    assert (header.pixel_size_z_um, header.interval_s) == (0.4, 2.5)
    assert (header.channel_names, header.channel_colours) == (
        ("DAPI", "GFP"),
        ("0000FF", "00FF00"),
    )
    assert header.series_name == "cells"
    assert np.array_equal(read_all(path), data.transpose(0, 2, 1, 3, 4))


@pytest.mark.parametrize(
    "options",
    [
        {"compressors": GzipCodec()},
        {"compressors": BloscCodec(cname="lz4")},
        {"compressors": None},
        {"shards": (1, 1, 4, 32, 40)},
    ],
    ids=["gzip", "blosc", "not packed", "shards"],
)
def test_common_packings_and_shards_are_read(tmp_path: Path, options: dict[str, Any]) -> None:
    data = pixels((1, 2, 4, 40, 50))
    path = write_zarr(tmp_path / "a.zarr", data, **options)
    assert np.array_equal(read_all(path)[0], data[0].transpose(1, 0, 2, 3))


@pytest.mark.parametrize("version", [2, 3])
def test_missing_chunks_are_zero_and_known_to_be_empty(tmp_path: Path, version: int) -> None:
    data = np.zeros((1, 2, 1, 40, 50), np.uint16)
    data[0, 1, 0, :16, :20] = 5
    path = write_zarr(
        tmp_path / "a.zarr", data, version=version, config={"write_empty_chunks": False}
    )
    with open_image(path, name="a") as source:
        assert source.is_empty(t=0, z=0, channel=0, y0=0, y1=40, x0=0, x1=50)
        assert source.is_empty(t=0, z=0, channel=1, y0=16, y1=40, x0=0, x1=50)
        assert not source.is_empty(t=0, z=0, channel=1, y0=0, y1=40, x0=0, x1=50)
        assert np.array_equal(source.read(t=0, z=0, y0=0, y1=40, x0=0, x1=50), data[0, :, 0])


def test_several_images_and_plates_are_listed(tmp_path: Path) -> None:
    several = tmp_path / "several.zarr"
    zarr.open_group(several, mode="w").attrs.update({"ome": {"bioformats2raw.layout": 3}})
    for number in range(3):
        write_zarr(several / str(number), pixels((1, 2, 1, 9, 8), seed=number))
    assert [header.series for header in list_images(several, name="s")] == [0, 1, 2]
    assert np.array_equal(
        read_all(several, series=2)[0, 0], pixels((1, 2, 1, 9, 8), seed=2)[0, :, 0]
    )
    plate = tmp_path / "plate.zarr"
    zarr.open_group(plate, mode="w").attrs.update({"ome": {"plate": {"wells": [{"path": "A/1"}]}}})
    zarr.open_group(plate / "A" / "1", mode="w").attrs.update(
        {"ome": {"well": {"images": [{"path": "0"}]}}}
    )
    write_zarr(plate / "A" / "1" / "0", pixels((1, 2, 1, 9, 8)))
    assert len(list_images(plate, name="p")) == 1


def _refused(path: Path) -> str:
    with pytest.raises(ImageRefused) as caught:
        read_all(path)
    return str(caught.value)


def _edited(folder: Path, change: Callable[[dict[str, Any]], None], name: str) -> Path:
    file = folder / name
    described = json.loads(file.read_text())
    change(described)
    file.write_text(json.dumps(described))
    return folder


def test_a_path_that_climbs_out_is_refused(tmp_path: Path) -> None:
    write_zarr(tmp_path / "secret.zarr", pixels((1, 2, 1, 9, 8)))
    path = write_zarr(tmp_path / "a.zarr", pixels((1, 2, 1, 9, 8)), path="../secret.zarr/0")
    assert "outside itself" in _refused(path)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    secret = write_zarr(tmp_path / "secret.zarr", pixels((1, 2, 1, 9, 8)))
    path = write_zarr(tmp_path / "a.zarr", pixels((1, 2, 1, 9, 8)))
    for file in sorted((path / "0").rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    (path / "0").rmdir()
    (path / "0").symlink_to(secret / "0")
    assert "outside itself" in _refused(path)


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a\\..\\evil"])
def test_a_zip_that_slips_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_zarr(tmp_path / "a.zarr", pixels((1, 2, 1, 9, 8)))
    path = zipped(folder, tmp_path / "slip.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"boo")
    assert "outside itself" in _refused(path)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    folder = write_zarr(tmp_path / "a.zarr", pixels((1, 2, 1, 9, 8)))
    path = zipped(folder, tmp_path / "link.zip")
    entry = zipfile.ZipInfo("0/c/9")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert "outside itself" in _refused(path)


def test_absurd_sizes_are_refused(tmp_path: Path) -> None:
    path = write_zarr(tmp_path / "a.zarr", pixels((1, 2, 1, 9, 8)))
    _edited(path, lambda d: d.update(shape=[1, 2, 1, 10**9, 10**9]), "0/zarr.json")
    assert "too many tiny chunks" in _refused(path) or "can be read" in _refused(path)
    write_zarr(path, pixels((1, 2, 1, 9, 8)))
    grid = {"name": "regular", "configuration": {"chunk_shape": [1, 1, 1, 10**5, 10**5]}}
    _edited(path, lambda d: d.update(chunk_grid=grid), "0/zarr.json")
    assert "larger than 1 GiB" in _refused(path)


def test_foreign_codecs_and_types_are_refused_before_they_run(tmp_path: Path) -> None:
    path = write_zarr(tmp_path / "a.zarr", pixels((1, 2, 1, 9, 8)), version=2)
    _edited(path, lambda d: d.update(filters=[{"id": "pickle"}], dtype="|O"), "0/.zarray")
    assert "cannot be read" in _refused(path)
    write_zarr(path, pixels((1, 2, 1, 9, 8)), version=2)
    _edited(path, lambda d: d.update(compressor={"id": "pickle"}), "0/.zarray")
    assert "codec pickle" in _refused(path)


@pytest.mark.parametrize("codec", ["zstd", "gzip", "blosc"])
def test_a_chunk_that_unpacks_to_more_than_a_chunk_is_refused(tmp_path: Path, codec: str) -> None:
    codecs = {
        "zstd": ZstdCodec(),
        "gzip": GzipCodec(),
        "blosc": BloscCodec(),
    }
    small = write_zarr(
        tmp_path / "a.zarr",
        pixels((1, 1, 1, 9, 8)),
        compressors=codecs[codec],
        chunks=(1, 1, 1, 9, 8),
    )
    large = np.ones((1, 1, 1, 4000, 4000), np.uint16)
    bomb = write_zarr(
        tmp_path / "b.zarr", large, compressors=codecs[codec], chunks=(1, 1, 1, 4000, 4000)
    )
    (bomb / "0/c/0/0/0/0/0").rename(small / "0/c/0/0/0/0/0")
    _edited(
        small,
        lambda d: d["attributes"]["ome"]["omero"].update(channels=[]),
        "zarr.json",
    )
    assert "damaged" in _refused(small)


def test_a_zip_without_an_image_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "docs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no image")
    assert "no OME-Zarr" in _refused(path)
