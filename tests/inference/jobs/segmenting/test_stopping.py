"""Images that are deleted, runs that others took, and a stop on the way."""

from pathlib import Path

import numpy as np
import pytest

from annotations.imaging.store.maps import write_map
from annotations.jobs import claiming
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset, Image
from inference.jobs.keeping import Found, keep_segmentation
from inference.jobs.segment import segment_images
from inference.micranet.errors import Stopped
from inference.models import ModelVersion, Run, Segmentation
from inference.objects.choice import AUTOMATIC
from tests.factories import disc
from tests.inference.jobs.segmenting.segmented import files_in, queued

pytestmark = pytest.mark.django_db


def _found(image: Image) -> Found:
    planes = disc(image.height, image.width)
    folder = image.folder / "drafts-1" / "map.zarr"
    map_ = np.where(planes > 500, 200, 20).astype(np.uint8)
    write_map(map_, folder, pixel_size_um=None, name="a")
    return Found(
        map=folder,
        patch_scores=np.zeros((2, 3), np.float32),
        grid=image.grid,
        threshold=0.5,
        separation=AUTOMATIC,
    )


def test_an_image_that_is_deleted_while_it_is_segmented_leaves_no_file(
    dataset: Dataset, model: ModelVersion, data_root: Path
) -> None:
    run = claiming.claim(Run, queued(dataset, model).pk)
    assert run is not None
    image = dataset.images.get(name="a.tif")
    output, found = model.outputs.all()[0], _found(image)
    Image.objects.filter(pk=image.pk).delete()
    kept = keep_segmentation(run=run, image=image, output=output, found=found)
    assert kept is None
    assert not image.folder.exists()
    assert not Segmentation.objects.exists()


def test_a_late_double_keeps_nothing(dataset: Dataset, model: ModelVersion) -> None:
    late = claiming.claim(Run, queued(dataset, model).pk)
    assert late is not None
    Run.objects.filter(pk=late.pk).update(claim=None, state=Run.State.QUEUED)
    assert claiming.claim(Run, late.pk) is not None
    image = dataset.images.get(name="a.tif")
    before = files_in(image.folder)
    with pytest.raises(claiming.Stopped):
        keep_segmentation(
            run=late,
            image=image,
            output=model.outputs.all()[0],
            found=_found(image),
        )
    assert not Segmentation.objects.exists()
    assert files_in(image.folder) == before


def test_a_stop_in_the_middle_of_an_image_leaves_no_map(
    dataset: Dataset, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = claiming.claim(Run, queued(dataset, model).pk)
    assert run is not None
    image = dataset.images.get(name="a.tif")
    before = files_in(image.folder)
    reporter = Reporter(run)
    asked = iter([False, False, True])
    monkeypatch.setattr(reporter, "should_stop", lambda: next(asked))
    with pytest.raises(Stopped):
        segment_images(run, reporter)
    assert files_in(image.folder) == before
    assert sorted(path.name for path in image.folder.iterdir()) == ["image.zarr", "thumbnail.png"]
