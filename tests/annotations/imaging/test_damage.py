"""Files with bytes changed at random: an image or a refusal, never anything else."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotations.imaging.errors import ImageRefused
from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.annotations.imaging.files import pixels, tiff


def _sources(folder: Path) -> list[Path]:
    lut = np.tile(np.arange(256, dtype=np.uint8), (3, 1))
    imagej = {"axes": "CYX", "mode": "composite", "LUTs": [lut, lut], "unit": "um"}
    picture = Image.fromarray(pixels((40, 50, 3), "uint8"))
    picture.save(folder / "a.png")
    picture.save(folder / "a.jpg")
    picture.quantize(9).save(folder / "p.png")
    return [
        folder / "a.png",
        folder / "a.jpg",
        folder / "p.png",
        tiff(folder / "z.tif", pixels((40, 50)), compression="zlib"),
        tiff(folder / "t.tif", pixels((40, 50)), tile=(16, 16), compression="lzw"),
        tiff(folder / "i.tif", pixels((2, 9, 8)), imagej=True, metadata=imagej),
        tiff(folder / "o.ome.tif", pixels((2, 9, 8)), metadata={"axes": "CYX"}),
    ]


@pytest.mark.parametrize("kind", range(7))
def test_damage_anywhere_ends_in_an_image_or_a_refusal(tmp_path: Path, kind: int) -> None:
    source = _sources(tmp_path)[kind].read_bytes()
    path = tmp_path / "damaged"
    choices = random.Random(kind)
    refused = 0
    for _ in range(60):
        content = bytearray(source)
        for _ in range(choices.choice([1, 3, 12])):
            content[choices.randrange(min(len(content), 500))] = choices.randrange(256)
        path.write_bytes(content)
        try:
            header = inspect_file(path, name="damaged")
            planes = read_planes(path, name="damaged")
        except ImageRefused:
            refused += 1
            continue
        assert planes.shape == (header.channels, header.height, header.width)
        assert planes.dtype == header.dtype
        assert len(header.channel_names) == header.channels
        assert [len(bytes.fromhex(colour)) for colour in header.channel_colours] == [
            3
        ] * header.channels
    assert refused > 0
