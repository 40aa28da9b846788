"""The demo's images, with the truth from which its first labels are derived. Pure."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image as Picture
from scipy import ndimage
from skimage import data
from skimage.color import rgb2hed
from skimage.filters import threshold_otsu

from annotations.imaging.factin import simulate_factin

Mask = npt.NDArray[np.bool_]
FACTIN_IMAGES = 6
FACTIN_SEED = 2022
NM_PER_PX = 20.0


@dataclass(frozen=True)
class DemoPicture:
    """A file as somebody would upload it; masks by structure name, bool (H, W).

    One picture of each set is left without answers: something to label, and to segment unseen.
    """

    name: str
    content: bytes
    masks: dict[str, Mask]
    labelled: bool


def immunohistochemistry() -> Iterator[DemoPicture]:
    """Colon tissue, FHL2 stained brown (DAB), nuclei blue (haematoxylin): four quarters of 256 px.

    The section is the one that scikit-image ships, so that it is there offline. Its brown stain is
    separated by colour deconvolution (Ruifrok and Johnston, Anal. Quant. Cytol. Histol. 23, 291,
    2001) and Otsu's threshold: good enough for first answers, and nobody's outline.
    """
    section: npt.NDArray[np.uint8] = data.immunohistochemistry()
    stained = _stain(section)
    half = section.shape[0] // 2
    for number, (row, column) in enumerate(np.ndindex(2, 2), start=1):
        part = np.s_[row * half : (row + 1) * half, column * half : (column + 1) * half]
        yield DemoPicture(
            name=f"colon-{number}.png",
            content=_png(section[part]),
            masks={"FHL2": stained[part]},
            # The one with about as much of both; the first is stained all over.
            labelled=number != 2,
        )


def factin() -> Iterator[DemoPicture]:
    """Simulated STED images of F-actin in neurons, with the exact truth of rings and fibres."""
    for number in range(FACTIN_IMAGES):
        sample = simulate_factin(seed=FACTIN_SEED + number, pixel_size_nm=NM_PER_PX)
        yield DemoPicture(
            name=f"factin-{number + 1}.tif",
            content=_tiff(sample.image),
            masks={"Rings": sample.rings_mask, "Fibres": sample.fibres_mask},
            labelled=number < FACTIN_IMAGES - 1,
        )


def _stain(section: npt.NDArray[np.uint8]) -> Mask:
    brown: npt.NDArray[np.float64] = ndimage.gaussian_filter(rgb2hed(section)[..., 2], 1)
    mask: Mask = brown > threshold_otsu(brown)
    return mask


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Picture.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _tiff(pixels: npt.NDArray[Any]) -> bytes:
    """A TIFF that carries its pixel size as Fiji writes it."""
    buffer, per_um = io.BytesIO(), 1000 / NM_PER_PX
    tifffile.imwrite(
        buffer, pixels, imagej=True, resolution=(per_um, per_um), metadata={"unit": "um"}
    )
    return buffer.getvalue()
