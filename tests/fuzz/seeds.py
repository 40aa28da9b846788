"""Small sound files of every format, to be damaged."""

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image

from tests.annotations.imaging.czi_files import Block, write_czi
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.lif_files import write_lif
from tests.annotations.imaging.test_ome_zarr import write_zarr, zipped


def write_seeds(folder: Path) -> list[Path]:
    """One file for each way that pixels are stored."""
    folder.mkdir(parents=True, exist_ok=True)
    return [*_pictures(folder), *_tiffs(folder), *_makers(folder), *_zarrs(folder)]


def _pictures(folder: Path) -> list[Path]:
    picture = Image.fromarray(pixels((40, 50, 3), "uint8"))
    names = ["a.png", "a.jpg", "a.bmp", "a.webp"]
    for name in names:
        picture.save(folder / name)
    picture.quantize(9).save(folder / "palette.png")
    return [folder / name for name in [*names, "palette.png"]]


def _tiffs(folder: Path) -> list[Path]:
    lut = np.tile(np.arange(256, dtype=np.uint8), (3, 1))
    imagej = {"axes": "ZCYX", "mode": "composite", "LUTs": [lut, lut], "unit": "um"}
    grey, stack, colour = pixels((40, 50)), pixels((3, 2, 9, 8)), pixels((40, 50, 3), "uint8")
    made: dict[str, tuple[Any, dict[str, Any]]] = {
        "plain.tif": (grey, {}),
        "big.tif": (grey, {"bigtiff": True, "byteorder": ">"}),
        "deflate.tif": (grey, {"compression": "zlib", "predictor": True}),
        "tiles.tif": (grey, {"tile": (16, 16), "compression": "lzw"}),
        "zstd.tif": (grey, {"tile": (16, 16), "compression": "zstd"}),
        "jpeg.tif": (colour, {"tile": (16, 16), "compression": "jpeg", "photometric": "rgb"}),
        "jpeg2000.tif": (grey, {"compression": "jpeg2000", "tile": (32, 32)}),
        "png.tif": (colour, {"compression": "png", "photometric": "rgb"}),
        "webp.tif": (colour, {"compression": "webp", "photometric": "rgb"}),
        "jpegxr.tif": (grey, {"compression": "jpegxr", "tile": (32, 32)}),
        "planar.tif": (np.moveaxis(colour, -1, 0), {"photometric": "rgb", "planarconfig": 2}),
        "pages.tif": (pixels((4, 9, 8)), {"metadata": None, "photometric": "minisblack"}),
        "imagej.tif": (stack, {"imagej": True, "metadata": imagej}),
        "stack.ome.tif": (stack, {"metadata": {"axes": "ZCYX"}, "compression": "zlib"}),
        "float.tif": (grey.astype(np.float32), {"rowsperstrip": 3}),
    }
    for name, (data, options) in made.items():
        tifffile.imwrite(folder / name, data, **options)
    return [folder / name for name in made]


def _makers(folder: Path) -> list[Path]:
    data = pixels((33, 47))
    czis = [
        write_czi(
            folder / f"packed{compression}.czi",
            [
                Block(data, y=30 * m, x=40 * m, axes={"M": m, "C": c}, compression=compression)
                for m in range(3)
                for c in range(2)
            ],
        )
        for compression in (0, 4, 5, 6)
    ]
    images = [("stack", "TZCYX", pixels((2, 3, 2, 12, 15))), ("scan", "YZX", pixels((5, 7, 9)))]
    return [*czis, write_lif(folder / "a.lif", images)]


def _zarrs(folder: Path) -> list[Path]:
    data = pixels((1, 2, 2, 20, 25))
    made = []
    for version in (2, 3):
        store = write_zarr(folder / f"v{version}.zarr", data, version=version)
        made.append(zipped(store, folder / f"v{version}.zarr.zip"))
    sharded = write_zarr(folder / "shards.zarr", data, shards=(1, 1, 2, 32, 40))
    return [*made, zipped(sharded, folder / "shards.zarr.zip")]
