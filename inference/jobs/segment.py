"""Segmenting images with a model."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotations import storage
from annotations.errors import Rejected
from annotations.imaging.store.maps import map_writer
from annotations.imaging.store.read import Store
from annotations.jobs.reporter import Reporter
from annotations.models import Image
from annotations.services.working import WorkingViewRefused, open_working, working_limits
from inference.jobs.channels import check_channels, names_of
from inference.jobs.keeping import Found, keep_segmentation
from inference.jobs.scoring import offer_scores
from inference.micranet.errors import ModelRefused, Stopped
from inference.micranet.model import Model
from inference.micranet.model_io import load_model
from inference.micranet.segment import segment
from inference.models import ModelStructure, Run, Segmentation
from inference.models.separated import SEPARATION
from inference.objects.choice import NoPixelSize

Rows = npt.NDArray[np.uint8]


def segment_images(run: Run, reporter: Reporter) -> None:
    """Segment the run's images one after the other; those done before a kill are not done again."""
    assert run.uses is not None  # held by a database constraint
    model = load_model(run.uses.folder)
    outputs = list(run.uses.outputs.select_related("structure", "model"))
    images = _images(run)
    if not images:
        raise Rejected("The images of this run have been deleted. Start it again with others.")
    refused: list[str] = []
    for number, image in enumerate(images):
        if reporter.should_stop():
            raise Stopped("Segmenting was stopped.")
        if _done(run, image, len(outputs)):
            continue
        step = _Step(reporter, image.name, number, len(images))
        try:
            _segment_unless_deleted(run, image, model, outputs, step, reporter.should_stop)
        except (ModelRefused, NoPixelSize) as refusal:
            refused.append(f"{image.name}: {refusal}")
        except WorkingViewRefused as refusal:
            refused.append(refusal.message)
    _name_the_refused(refused, len(images))


def _name_the_refused(refused: list[str], images: int) -> None:
    """An image that does not fit the model must not cost the others theirs, nor go unnoticed."""
    if refused:
        done = images - len(refused)
        raise Rejected(f"{' '.join(refused)} The other {done} of {images} images are segmented.")


def _images(run: Run) -> list[Image]:
    images = Image.objects.filter(dataset=run.dataset, pk__in=run.params["images"])
    return list(images.ready().select_related("dataset"))


def _done(run: Run, image: Image, outputs: int) -> bool:
    return Segmentation.objects.filter(run=run, image=image).count() == outputs


@dataclass(frozen=True)
class _Step:
    """Progress within one image, as a share of the whole run."""

    reporter: Reporter
    name: str
    number: int
    images: int

    def __call__(self, done: int, total: int) -> None:
        share = (self.number + done / max(total, 1)) / self.images
        message = f"Segmenting {self.name} ({self.number + 1} of {self.images})"
        self.reporter.note(share, message)


def _segment_unless_deleted(run: Run, image: Image, *how: Any) -> None:
    """Segment an image; one that is deleted meanwhile does not keep the others from being done."""
    try:
        _segment_image(run, image, *how)
    except FileNotFoundError:
        if Image.objects.filter(pk=image.pk).exists():
            raise
    finally:
        _remove_leftovers(run, image)


def _remove_leftovers(run: Run, image: Image) -> None:
    """Maps that were not kept; of an image that was deleted meanwhile, everything."""
    shutil.rmtree(_drafts(run, image), ignore_errors=True)
    if not Image.objects.filter(pk=image.pk).exists():
        storage.remove(image.folder)


def _drafts(run: Run, image: Image) -> Path:
    """Where maps grow. Named by the run, so that one taken up again clears what a kill left."""
    return image.folder / f"drafts-{run.pk}"


def _segment_image(
    run: Run,
    image: Image,
    model: Model,
    outputs: Sequence[ModelStructure],
    on_window: Callable[[int, int], None],
    should_stop: Callable[[], bool],
) -> None:
    check_channels(outputs[0].model, names_of(image))
    for output in outputs:
        output.separation.check(image.pixel_size_um)  # refused before the work, not after it
    store = open_working(image)
    folders = [_drafts(run, image) / f"{output.pk}.zarr" for output in outputs]
    with ExitStack() as stack:
        puts = [
            stack.enter_context(_map_of(image, output, folder))
            for output, folder in zip(outputs, folders, strict=True)
        ]
        scores = _map(image, store, model, puts, on_window, should_stop)
    offer_scores(outputs[0].model, image, outputs, scores)
    for output, folder, patch_scores in zip(outputs, folders, scores, strict=True):
        # Another separation may have been chosen since the run began.
        output.refresh_from_db(fields=SEPARATION)
        found = Found(folder, patch_scores, image.grid, output.threshold, output.separation)
        keep_segmentation(run=run, image=image, output=output, found=found, should_stop=should_stop)


def _map_of(
    image: Image, output: ModelStructure, folder: Path
) -> AbstractContextManager[Callable[[int, Rows], None]]:
    return map_writer(
        folder,
        height=image.height,
        width=image.width,
        pixel_size_um=image.pixel_size_um,
        name=output.structure.name,
    )


def _map(
    image: Image,
    store: Store,
    model: Model,
    puts: Sequence[Callable[[int, Rows], None]],
    on_window: Callable[[int, int], None],
    should_stop: Callable[[], bool],
) -> npt.NDArray[np.float32]:
    """Write the map of every structure, band by band; the scores of the patches."""

    def write(structure: int, y0: int, x0: int, rows: Rows) -> None:
        puts[structure](y0, rows)  # bands are as wide as the image, so x0 is 0

    summary = segment(
        model,
        store.read,
        height=image.height,
        width=image.width,
        limits=working_limits(image),
        patch_size=image.grid.patch_size,
        overlap=image.grid.overlap,
        on_window=on_window,
        should_stop=should_stop,
        write=write,
    )
    return summary.patch_scores
