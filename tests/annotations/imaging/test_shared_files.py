"""What labs really have: every shared TIFF reads as tifffile reads it, or is refused."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from tests.benchmarks.formats import compare_folder


def test_every_plane_of_every_file_is_what_its_makers_reader_gives(shared_data: Path) -> None:
    rows = list(compare_folder(shared_data / "formats"))
    assert len({row.file for row in rows}) > 35
    assert [row for row in rows if not row.verdict.startswith("same")] == []


def test_the_only_files_that_have_to_be_asked_about_are_stacks_without_a_word(
    shared_data: Path,
) -> None:
    asked = [row.file for row in compare_folder(shared_data / "formats") if "asks" in row.verdict]
    assert asked == ["stardist/img3d.tif", "stardist/mask3d.tif"]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("hela.tif", 0.26),
        ("xy_8bit__em_mitochondria_er.tif", 0.008),
        ("xy_16bit__rat_hippocampal_neuron.tif", 0.16),
        ("xy_8bit_labels__mitocheck_incenp_t1.tif", 0.1),
        ("xy_16bit__scanR_datatype_issue.tif", None),
        ("xy_16bit__autophagosomes.tif", None),
    ],
)
def test_pixel_sizes_are_those_that_fiji_shows(
    shared_data: Path, name: str, size: float | None
) -> None:
    path = next((shared_data / "formats").glob(f"**/{name}"))
    found = inspect_file(path, name=name).pixel_size_um
    assert found is None if size is None else found == pytest.approx((size, size), rel=1e-6)


def test_nuclei_of_a_metamorph_microscope_keep_their_pixel_size(shared_data: Path) -> None:
    path = sorted((shared_data / "nuclei_bbbc039" / "images").iterdir())[0]
    header = inspect_file(path, name=path.name)
    assert (header.width, header.height, header.dtype) == (696, 520, "uint16")
    assert header.pixel_size_um == pytest.approx((0.645, 0.645))
    assert np.array_equal(read_planes(path, name=path.name)[0], tifffile.imread(path))


def test_photographs_are_colour_pictures(shared_data: Path) -> None:
    path = next((shared_data / "blood_bccd").glob("**/*.jpg"))
    header = inspect_file(path, name=path.name)
    assert (header.format, header.is_rgb, header.channels) == ("JPEG", True, 3)
    assert read_planes(path, name=path.name).shape == (3, header.height, header.width)
