"""Large files are read in little memory, whatever they claim."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile

# Read in a process of its own, whose peak is known: numpy, tifffile and all take some 150 MiB. The
# kernel's VmHWM, because ru_maxrss begins with the peak of the process that started this one.
_READER = """
import sys
from pathlib import Path
from annotations.imaging.opening import open_image
with open_image(Path(sys.argv[1]), name="large.tif") as source:
    header, (rows, columns) = source.header, source.block
    total = 0
    for y in range(0, header.height, rows):
        for x in range(0, header.width, columns):
            y1, x1 = min(y + rows, header.height), min(x + columns, header.width)
            total += int(source.read(t=0, z=0, y0=y, y1=y1, x0=x, x1=x1).sum(dtype="u8"))
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(total, int(status["VmHWM"].split()[0]) // 1024)
"""


pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc"
)


def _sum_and_peak_mib(path: Path) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", _READER, str(path)], capture_output=True, check=True, text=True
    )
    total, peak = done.stdout.split()
    return int(total), int(peak)


def test_an_uncompressed_bigtiff_of_a_gigabyte_and_more_takes_little_memory(tmp_path: Path) -> None:
    # Sparse on disk: the pixels between the two marks are never written.
    path = tmp_path / "large.tif"
    pixels = tifffile.memmap(path, shape=(20_000, 40_000), dtype="uint16", bigtiff=True)
    pixels[0, 0], pixels[-1, -1] = 7, 9
    pixels.flush()
    del pixels
    total, peak = _sum_and_peak_mib(path)
    assert total == 16
    assert peak < 500


@pytest.mark.parametrize("options", [{"tile": (512, 512)}, {"rowsperstrip": 64}], ids=str)
def test_a_packed_tiff_is_unpacked_piece_by_piece(
    tmp_path: Path, options: dict[str, object]
) -> None:
    data = np.zeros((10_000, 16_000), np.uint16)
    data[::1000, ::1000] = 3
    path = tmp_path / "packed.tif"
    tifffile.imwrite(path, data, compression="zlib", **options)  # type: ignore[arg-type]
    total, peak = _sum_and_peak_mib(path)
    assert total == int(data.sum(dtype=np.uint64))
    # Besides the libraries at most 256 MiB of blocks are kept, less than the plane's 320 MB.
    assert peak < 500
