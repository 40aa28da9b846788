"""Several images in one file."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import tifffile

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file, list_images
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.stacks.whole import read_all


def test_images_of_different_sizes_in_one_file_are_images_of_their_own(tmp_path: Path) -> None:
    first, second = pixels((8, 9)), pixels((20, 10), seed=1)
    path = tmp_path / "several.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(first)
        writer.write(second)
    headers = list_images(path, name="several.tif")
    assert [(header.series, header.width, header.height) for header in headers] == [
        (0, 9, 8),
        (1, 10, 20),
    ]
    assert np.array_equal(read_all(path, series=1)[0, 0, 0], second)
    with pytest.raises(ImageRefused, match="image number 3"):
        inspect_file(path, name="several.tif", series=2)


def test_images_of_an_ome_file_keep_their_names_channels_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "two.ome.tif"
    with tifffile.TiffWriter(path, ome=True) as writer:
        for number in range(2):
            writer.write(
                pixels((2, 8, 9), seed=number),
                photometric="minisblack",
                metadata={
                    "axes": "CYX",
                    "Name": f"well A{number}",
                    "Channel": {"Name": ["DAPI", "GFP"], "Color": [65535, 16711935]},
                    "AcquisitionDate": f"2024-05-0{number + 1}T10:11:12",
                    "PhysicalSizeX": 0.2,
                    "PhysicalSizeY": 0.25,
                },
            )
    headers = list_images(path, name="two.ome.tif")
    assert [header.series_name for header in headers] == ["well A0", "well A1"]
    assert headers[1].channel_names == ("DAPI", "GFP")
    assert headers[1].channel_colours == ("0000FF", "00FF00")
    assert headers[1].acquired_at == datetime(2024, 5, 2, 10, 11, 12, tzinfo=UTC)
    assert headers[0].pixel_size_um == (0.25, 0.2)
    assert np.array_equal(read_all(path, series=1)[0, 0], pixels((2, 8, 9), seed=1))


def test_an_image_that_cannot_be_read_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(pixels((8, 9)))
        writer.write(pixels((20, 10, 4), "uint8"), photometric="separated")
    headers = list_images(path, name="two.tif")
    assert headers[0].refusal == ""
    assert "SEPARATED" in headers[1].refusal
