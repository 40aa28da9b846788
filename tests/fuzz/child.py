"""Reads files one by one under a limit of memory and says what became of each.

`python -m tests.fuzz.child LIMIT_MIB SECONDS FILE …` prints a line of JSON per file. Whatever kills
this process is a crash that a worker would have suffered; SIGPROF kills it where one file takes
more than SECONDS of computing, which does not depend on what else the machine does.
"""

import json
import logging
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import list_images
from annotations.imaging.opening import open_image
from annotations.imaging.source import ImageSource

_SIDE = 512


def outcome(path: Path) -> str:
    """'image', 'refused', or the exception that should not have been."""
    try:
        headers = list_images(path, name=path.name)
        read = [_read(path, header) for header in headers[:3] if not header.refusal]
    except ImageRefused as refusal:
        return "refused" if str(refusal).strip() else "a refusal without a reason"
    except Exception as error:  # noqa: BLE001 everything else is what is looked for
        return f"{type(error).__name__}: {str(error)[:200]}"
    return "image" if any(read) else "refused"


def _read(path: Path, header: ImageHeader) -> bool:
    axes = header.ambiguous[0] if header.ambiguous else None
    try:
        with open_image(path, name=path.name, series=header.series, axes=axes) as source:
            _look(source)
    except ImageRefused:
        return False
    return True


def _look(source: ImageSource) -> None:
    """The first and the last corner of the first and the last plane."""
    header = source.header
    height, width = min(_SIDE, header.height), min(_SIDE, header.width)
    corners = {(0, 0, 0, 0)}
    corners.add((header.frames - 1, header.depth - 1, header.height - height, header.width - width))
    for t, z, y, x in sorted(corners):
        source.is_empty(t=t, z=z, channel=0, y0=y, y1=y + height, x0=x, x1=x + width)
        planes = source.read(t=t, z=z, y0=y, y1=y + height, x0=x, x1=x + width)
        assert planes.shape == (header.channels, height, width)
        assert planes.dtype == header.dtype
        assert bool(np.isfinite(planes).all())
    assert len(header.channel_names) == len(header.channel_colours) == header.channels
    assert all(len(bytes.fromhex(colour)) == 3 for colour in header.channel_colours)


def main() -> None:
    limit = int(sys.argv[1]) * 1024**2
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for name in sys.argv[3:]:
        signal.setitimer(signal.ITIMER_PROF, float(sys.argv[2]))
        start = time.process_time()
        found = outcome(Path(name))
        seconds = round(time.process_time() - start, 3)
        line = json.dumps({"file": name, "outcome": found, "seconds": seconds})
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
