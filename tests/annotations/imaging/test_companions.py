"""OME-TIFFs whose planes are in several files."""

from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import tifffile

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file
from annotations.imaging.tiff.folder import companion_names
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.stacks.whole import read_all


def _description(names: list[str], shape: tuple[int, int]) -> str:
    planes = "".join(
        f'<TiffData FirstZ="{z}" FirstC="0" FirstT="0" IFD="0" PlaneCount="1">'
        f'<UUID FileName="{name}">urn:uuid:{UUID(int=z + 1)}</UUID></TiffData>'
        for z, name in enumerate(names)
    )
    return (
        '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" '
        f'UUID="urn:uuid:{UUID(int=1)}"><Image ID="Image:0" Name="stack">'
        f'<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="{shape[1]}" '
        f'SizeY="{shape[0]}" SizeZ="{len(names)}" SizeC="1" SizeT="1" PhysicalSizeX="0.5" '
        'PhysicalSizeY="0.5"><Channel ID="Channel:0:0" SamplesPerPixel="1" Name="DAPI"/>'
        f"{planes}</Pixels></Image></OME>"
    )


def _write(folder: Path, names: list[str], written: list[str]) -> np.ndarray:
    data = pixels((len(names), 12, 9))
    folder.mkdir()
    for z, name in enumerate(names):
        if name in written:
            description = _description(names, (12, 9))
            tifffile.imwrite(folder / name, data[z], description=description, metadata=None)
    return data


NAMES = ["s_z0.ome.tif", "s_z1.ome.tif", "s_z2.ome.tif"]


def test_the_planes_of_all_files_make_one_stack(tmp_path: Path) -> None:
    data = _write(tmp_path / "set", NAMES, NAMES)
    header = inspect_file(tmp_path / "set", name="s_z0.ome.tif")
    assert (header.depth, header.format, header.series_name) == (3, "OME-TIFF", "stack")
    assert header.pixel_size_um == (0.5, 0.5)
    assert np.array_equal(read_all(tmp_path / "set")[0, :, 0], data)


def test_a_file_says_which_others_belong_to_it(tmp_path: Path) -> None:
    _write(tmp_path / "set", NAMES, NAMES)
    assert companion_names(tmp_path / "set" / NAMES[1]) == tuple(NAMES)
    alone = tmp_path / "alone.tif"
    tifffile.imwrite(alone, pixels((5, 5)))
    assert companion_names(alone) == ()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _write(tmp_path / "set", NAMES, NAMES[:2])
    with pytest.raises(ImageRefused, match=r"lacks 1 of its 3 files: s_z2\.ome\.tif"):
        inspect_file(tmp_path / "set", name="s")
    with pytest.raises(ImageRefused, match="other files"):
        inspect_file(tmp_path / "set" / NAMES[0], name="s")


@pytest.mark.parametrize("name", ["../secret.ome.tif", "/etc/secret.ome.tif", "a/b.ome.tif"])
def test_a_file_elsewhere_is_never_opened(tmp_path: Path, name: str) -> None:
    _write(tmp_path / "set", [NAMES[0], name], NAMES[:1])
    tifffile.imwrite(tmp_path / "secret.ome.tif", pixels((12, 9)))
    with pytest.raises(ImageRefused, match="other folders"):
        inspect_file(tmp_path / "set", name="s")


def test_a_link_among_the_files_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / "set", NAMES, NAMES[:2])
    secret = tmp_path / "secret.ome.tif"
    tifffile.imwrite(secret, pixels((12, 9)))
    (tmp_path / "set" / NAMES[2]).symlink_to(secret)
    with pytest.raises(ImageRefused, match="links"):
        inspect_file(tmp_path / "set", name="s")


def test_a_folder_of_unrelated_tiffs_is_refused(tmp_path: Path) -> None:
    for name in ("a.tif", "b.tif"):
        tifffile.imwrite(tmp_path / name, pixels((5, 5)))
    with pytest.raises(ImageRefused, match="belong together"):
        inspect_file(tmp_path, name="s")


def test_a_renamed_file_that_names_only_itself_is_read(tmp_path: Path) -> None:
    data = pixels((12, 9))
    description = _description(["before.ome.tif"], (12, 9)).replace(
        f' UUID="urn:uuid:{UUID(int=1)}"', ""
    )
    assert "UUID FileName" in description
    path = tmp_path / "original"
    tifffile.imwrite(path, data, description=description, metadata=None)
    assert inspect_file(path, name="after.ome.tif").channel_names == ("DAPI",)
    assert np.array_equal(read_all(path)[0, 0, 0], data)
