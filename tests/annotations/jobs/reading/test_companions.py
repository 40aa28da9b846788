"""Files that belong together and come one by one."""

from datetime import timedelta
from itertools import permutations
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import tifffile
from django.utils import timezone

from annotations.imaging.store.read import open_store
from annotations.jobs.importing import import_image
from annotations.jobs.reading import read_upload
from annotations.models import Image, Upload
from tests.annotations.jobs.reading.received import on_disk, received
from tests.factories import make_dataset
from tests.support.pictures import noise

pytestmark = pytest.mark.django_db


def _companions(folder: Path) -> dict[str, bytes]:
    """An OME-TIFF of two channels in two files, each of which names both."""
    names = ("cells_c0.ome.tif", "cells_c1.ome.tif")
    urns = [f"urn:uuid:{uuid4()}" for _ in names]
    places = "".join(
        f'<TiffData FirstC="{c}" IFD="0" PlaneCount="1">'
        f'<UUID FileName="{names[c]}">{urns[c]}</UUID></TiffData>'
        for c in range(2)
    )
    for c, name in enumerate(names):
        described = (
            '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" '
            f'UUID="{urns[c]}"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" '
            'Type="uint8" SizeX="30" SizeY="20" SizeZ="1" SizeC="2" SizeT="1">'
            '<Channel ID="Channel:0" SamplesPerPixel="1"/>'
            f'<Channel ID="Channel:1" SamplesPerPixel="1"/>{places}</Pixels></Image></OME>'
        )
        tifffile.imwrite(folder / name, noise(20, 30, seed=c), description=described, metadata=None)
    return {name: (folder / name).read_bytes() for name in names}


def _with_text(folder: Path) -> dict[str, bytes]:
    """Two pictures that say only where their description is, and the description."""
    text, names = "cells.companion.ome", ("cells_c0.tif", "cells_c1.tif")
    urns = [f"urn:uuid:{uuid4()}" for _ in names]
    places = "".join(
        f'<TiffData FirstC="{c}" IFD="0" PlaneCount="1">'
        f'<UUID FileName="{names[c]}">{urns[c]}</UUID></TiffData>'
        for c in range(2)
    )
    start = '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" '
    whole = uuid4()
    description = (
        f'{start} UUID="urn:uuid:{whole}"><Image ID="Image:0"><Pixels ID="Pixels:0" '
        'DimensionOrder="XYZCT" Type="uint8" SizeX="30" SizeY="20" SizeZ="1" SizeC="2" SizeT="1">'
        '<Channel ID="Channel:0" SamplesPerPixel="1" Name="DAPI"/>'
        f'<Channel ID="Channel:1" SamplesPerPixel="1" Name="GFP"/>{places}</Pixels></Image></OME>'
    )
    for c, name in enumerate(names):
        own = (
            f'{start} UUID="{urns[c]}"><BinaryOnly MetadataFile="{text}" '
            f'UUID="urn:uuid:{whole}"/></OME>'
        )
        tifffile.imwrite(folder / name, noise(20, 30, seed=c), description=own, metadata=None)
    return {name: (folder / name).read_bytes() for name in names} | {text: description.encode()}


def test_files_of_one_ome_tiff_wait_for_each_other_and_become_one_image(
    tmp_path: Path, files: Path
) -> None:
    dataset = make_dataset()
    first, second = _companions(tmp_path).items()
    waiting = received(first[1], first[0], dataset)
    assert read_upload(waiting.pk) == []
    waiting.refresh_from_db()
    assert waiting.state == Upload.State.RECEIVED
    (pk,) = read_upload(received(second[1], second[0], dataset).pk)
    assert read_upload(waiting.pk) == []
    import_image(pk)
    image = dataset.images.get()
    assert (image.state, image.error) == (Image.State.READY, "")
    planes = np.stack([noise(20, 30, seed=channel) for channel in (0, 1)])
    np.testing.assert_array_equal(open_store(image.store).read(0, 20, 0, 30), planes)
    assert sorted(path.name for path in image.original.iterdir()) == [first[0], second[0]]
    assert not on_disk(files / "incoming")
    assert set(dataset.uploads.values_list("state", flat=True)) == {"done"}


def test_a_file_whose_companions_do_not_come_is_refused_in_the_end(tmp_path: Path) -> None:
    name, content = next(iter(_companions(tmp_path).items()))
    upload = received(content, name)
    long_ago = timezone.now() - timedelta(minutes=11)
    Upload.objects.filter(pk=upload.pk).update(updated_at=long_ago)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert "lacks 1 of its 2 files: cells_c1.ome.tif" in upload.error


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_description_in_a_file_of_its_own_comes_with_its_pictures_in_any_order(
    tmp_path: Path, files: Path, order: tuple[int, ...]
) -> None:
    dataset, sent = make_dataset(), list(_with_text(tmp_path).items())
    found = [read_upload(received(sent[place][1], sent[place][0], dataset).pk) for place in order]
    assert found[:2] == [[], []]
    import_image(found[2][0])
    image = dataset.images.get()
    assert (image.state, image.name) == (Image.State.READY, "cells_c0.tif")
    assert [channel["name"] for channel in image.channels] == ["DAPI", "GFP"]
    planes = np.stack([noise(20, 30, seed=channel) for channel in (0, 1)])
    np.testing.assert_array_equal(open_store(image.store).read(0, 20, 0, 30), planes)
    assert sorted(path.name for path in image.original.iterdir()) == sorted(dict(sent))
    assert not on_disk(files / "incoming")


def test_a_description_without_its_pictures_is_refused_in_the_end(tmp_path: Path) -> None:
    text = "cells.companion.ome"
    upload = received(_with_text(tmp_path)[text], text)
    long_ago = timezone.now() - timedelta(minutes=11)
    Upload.objects.filter(pk=upload.pk).update(updated_at=long_ago)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert "lacks 2 of its 3 files: cells_c0.tif, cells_c1.tif" in upload.error


def test_a_text_that_describes_no_picture_is_no_image() -> None:
    upload = received(b"<?xml version='1.0'?><plate/>", "layout.xml")
    read_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.error.startswith("This is no image that can be read.")
