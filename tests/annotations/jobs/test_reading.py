"""Making images of a file that was sent in pieces."""

import hashlib
import io
import shutil
import threading
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import tifffile
from django.db import connection
from django.utils import timezone

from annotations.imaging.store import open_store
from annotations.jobs.importing import import_image
from annotations.jobs.reading import read_upload
from annotations.locking import sole_reader
from annotations.models import Dataset, Image, Upload
from annotations.originals import fetch
from tests.factories import make_dataset, make_image, make_upload
from tests.support.pictures import noise, png, stack_tiff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


def _received(content: bytes, name: str = "a.png", dataset: Dataset | None = None) -> Upload:
    return make_upload(
        dataset=dataset,
        name=name,
        content=content,
        state=Upload.State.RECEIVED,
        details={"condition": "drug", "well": "B2", "replicate": "1"},
    )


def _scenes(count: int = 3) -> bytes:
    """An OME-TIFF of several images."""
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer, ome=True) as file:
        for seed in range(count):
            file.write(
                noise(20, 30 + seed, seed=seed), photometric="minisblack",
                metadata={"axes": "YX", "Name": f"Position {seed + 1}"},
            )  # fmt: skip
    return buffer.getvalue()


def _on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_becomes_an_image_with_its_original_and_details(files: Path) -> None:
    content = png(40, 70)
    upload = _received(content)
    assert read_upload(upload.pk) == [Image.objects.get().pk]
    image = Image.objects.get()
    assert image.original.read_bytes() == content
    assert image.sha256 == hashlib.sha256(content).hexdigest()
    assert (image.condition, image.well, image.replicate) == ("drug", "B2", "1")
    assert (image.state, image.uploaded_by) == (Image.State.IMPORTING, upload.by)
    upload.refresh_from_db()
    assert upload.state == Upload.State.DONE
    assert _on_disk(files) == [image.original]


def test_a_file_of_several_images_becomes_several_that_share_their_bytes(files: Path) -> None:
    dataset = make_dataset()
    assert len(read_upload(_received(_scenes(), "plate.ome.tif", dataset).pk)) == 3
    images = list(dataset.images.order_by("series"))
    assert [image.name for image in images] == [f"plate.ome [Position {n}].tif" for n in (1, 2, 3)]
    assert [(image.series, image.width) for image in images] == [(0, 30), (1, 31), (2, 32)]
    inodes = {image.original.stat().st_ino for image in images}
    assert len(inodes) == 1


def test_a_scene_that_was_deleted_comes_back_alone() -> None:
    dataset, content = make_dataset(), _scenes()
    read_upload(_received(content, "plate.tif", dataset).pk)
    dataset.images.get(series=1).delete()
    (again,) = read_upload(_received(content, "plate.tif", dataset).pk)
    assert Image.objects.get(pk=again).series == 1


def test_pages_that_nothing_explains_wait_for_an_answer() -> None:
    assert read_upload(_received(stack_tiff(7), "stack.tif").pk) == []
    image = Image.objects.get()
    assert (image.state, image.size_z, image.page_axis) == (Image.State.WAITING, 7, "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"Dear diary", "no PNG image"), (png()[:20], "damaged")],
    ids=["empty", "text", "cut short"],
)
def test_what_is_no_image_is_refused_with_the_reason_and_leaves_no_file(
    content: bytes, reason: str, files: Path
) -> None:
    upload = _received(content)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert reason in upload.error
    assert not upload.can_be_tried_again
    assert not _on_disk(files)
    assert not Image.objects.exists()


def test_bytes_that_are_here_already_are_recognised(files: Path) -> None:
    dataset = make_dataset()
    read_upload(_received(png(), "a.png", dataset).pk)
    upload = _received(png(), "b.png", dataset)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.error == "This image is here already, as a.png."
    assert _on_disk(files) == [Image.objects.get().original]


def test_an_upload_that_is_delivered_twice_makes_one_image() -> None:
    upload = _received(png())
    assert len(read_upload(upload.pk)) == 1
    assert read_upload(upload.pk) == []
    assert Image.objects.count() == 1


def test_an_upload_that_another_worker_reads_is_left_alone() -> None:
    upload = _received(png())
    with sole_reader(upload.path) as alone:
        assert alone
        assert read_upload(upload.pk) == []
    assert not Image.objects.exists()
    assert len(read_upload(upload.pk)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_image() -> None:
    upload = _received(png(300, 300))

    def read() -> None:
        try:
            read_upload(upload.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Image.objects.count() == 1


def test_a_worker_that_was_killed_before_the_rows_were_kept_has_lost_nothing(files: Path) -> None:
    """The bytes of the upload go only when the rows are there."""
    upload = _received(png())
    (files / "images" / "leftover").mkdir(parents=True)
    assert len(read_upload(upload.pk)) == 1


def test_an_upload_that_was_cancelled_is_no_error(files: Path) -> None:
    upload = _received(png())
    pk, path = upload.pk, upload.path
    upload.delete()
    path.unlink()
    assert read_upload(pk) == []
    assert not _on_disk(files)


def test_a_file_that_cannot_be_read_for_the_servers_sake_is_kept_and_read_again(
    files: Path,
) -> None:
    """A plain file where the folder of images should be: no folder can be made in it."""
    upload, obstacle = _received(png()), files / "images"
    obstacle.write_text("in the way")
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert "try again" in upload.error
    assert upload.can_be_tried_again
    assert upload.path.read_bytes() == png()
    assert not Image.objects.exists()

    obstacle.unlink()
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVED, error="")
    assert len(read_upload(upload.pk)) == 1


def test_an_ome_zarr_folder_that_was_packed_becomes_an_image(files: Path, tmp_path: Path) -> None:
    """As the browser and `import_images` pack it."""
    first = make_image(width=30, height=20, store=True)
    folder, packed = tmp_path / "cells.zarr", tmp_path / "packed"
    shutil.copytree(first.store, folder)
    fetch(folder, packed)
    (pk,) = read_upload(_received(packed.read_bytes(), "cells.zarr").pk)
    import_image(pk)
    image = Image.objects.get(pk=pk)
    assert (image.state, image.error, image.name) == (Image.State.READY, "", "cells.zarr")
    np.testing.assert_array_equal(
        open_store(image.store).read(0, 20, 0, 30), open_store(first.store).read(0, 20, 0, 30)
    )


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


def test_files_of_one_ome_tiff_wait_for_each_other_and_become_one_image(
    tmp_path: Path, files: Path
) -> None:
    dataset = make_dataset()
    first, second = _companions(tmp_path).items()
    waiting = _received(first[1], first[0], dataset)
    assert read_upload(waiting.pk) == []
    waiting.refresh_from_db()
    assert waiting.state == Upload.State.RECEIVED
    (pk,) = read_upload(_received(second[1], second[0], dataset).pk)
    assert read_upload(waiting.pk) == []
    import_image(pk)
    image = dataset.images.get()
    assert (image.state, image.error) == (Image.State.READY, "")
    planes = np.stack([noise(20, 30, seed=channel) for channel in (0, 1)])
    np.testing.assert_array_equal(open_store(image.store).read(0, 20, 0, 30), planes)
    assert sorted(path.name for path in image.original.iterdir()) == [first[0], second[0]]
    assert not _on_disk(files / "incoming")
    assert set(dataset.uploads.values_list("state", flat=True)) == {"done"}


def test_a_file_whose_companions_do_not_come_is_refused_in_the_end(tmp_path: Path) -> None:
    name, content = next(iter(_companions(tmp_path).items()))
    upload = _received(content, name)
    long_ago = timezone.now() - timedelta(minutes=11)
    Upload.objects.filter(pk=upload.pk).update(updated_at=long_ago)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert "lacks 1 of its 2 files: cells_c1.ome.tif" in upload.error


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


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_description_in_a_file_of_its_own_comes_with_its_pictures_in_any_order(
    tmp_path: Path, files: Path, order: tuple[int, ...]
) -> None:
    dataset, sent = make_dataset(), list(_with_text(tmp_path).items())
    found = [read_upload(_received(sent[place][1], sent[place][0], dataset).pk) for place in order]
    assert found[:2] == [[], []]
    import_image(found[2][0])
    image = dataset.images.get()
    assert (image.state, image.name) == (Image.State.READY, "cells_c0.tif")
    assert [channel["name"] for channel in image.channels] == ["DAPI", "GFP"]
    planes = np.stack([noise(20, 30, seed=channel) for channel in (0, 1)])
    np.testing.assert_array_equal(open_store(image.store).read(0, 20, 0, 30), planes)
    assert sorted(path.name for path in image.original.iterdir()) == sorted(dict(sent))
    assert not _on_disk(files / "incoming")


def test_a_description_without_its_pictures_is_refused_in_the_end(tmp_path: Path) -> None:
    text = "cells.companion.ome"
    upload = _received(_with_text(tmp_path)[text], text)
    long_ago = timezone.now() - timedelta(minutes=11)
    Upload.objects.filter(pk=upload.pk).update(updated_at=long_ago)
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert "lacks 2 of its 3 files: cells_c0.tif, cells_c1.tif" in upload.error


def test_a_text_that_describes_no_picture_is_no_image() -> None:
    upload = _received(b"<?xml version='1.0'?><plate/>", "layout.xml")
    read_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.error.startswith("This is no image that can be read.")
