"""From a folder of images to masks: what a lab does, step by step, and how well it went."""

import time
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from tests.smoke import scores
from tests.smoke.client import Cell, Client, Refused
from tests.smoke.sets import SmokeSet
from tests.smoke.truth import Mask, Truth, patch_answers

# A patch counts as found when the classifier holds "yes" for likelier than "no".
EVEN = 0.5


@dataclass(frozen=True)
class Report:
    """One line of `make smoke`. `seconds` is the whole loop, from the first upload on."""

    set: str
    labels: int
    seconds: float
    patch_f1: float
    pixel_f1: float
    count_error: float

    def as_json(self) -> dict[str, Any]:
        rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(self).items()}
        return {**rounded, "seconds": round(self.seconds, 1)}


class Loop:
    """One set of images on its way through the site."""

    def __init__(self, client: Client, chosen: SmokeSet, folder: Path) -> None:
        self._client = client
        self._set = chosen
        self._folder = folder
        self._images: dict[int, int] = {}
        self._labels = 0
        project = client.post("projects/", name=f"smoke: {chosen.name}")
        path = f"projects/{project['id']}"
        dataset = client.post(f"{path}/datasets/", name=chosen.name, patch_size=chosen.patch)
        structure = client.post(
            f"{path}/structures/", name=chosen.name, question=chosen.question, colour="#e69f00"
        )
        self._dataset, self._structure = dataset["id"], structure["id"]

    def run(self) -> Report:
        start = time.monotonic()
        self._upload(self._shown(self._set.training))
        for number in self._images:
            self._answer(number)
        model = self._train()
        tested = self._shown(self._set.test)
        self._upload(tested)
        self._segment(model, tested)
        masks = self._download(model, tested)
        seconds = time.monotonic() - start
        return Report(
            set=self._set.name,
            labels=self._labels,
            seconds=seconds,
            patch_f1=scores.f1(self._patches(model, number) for number in tested),
            pixel_f1=scores.f1(self._pixels(masks[number], number) for number in tested),
            count_error=scores.count_error(self._counts(masks[n], n) for n in tested),
        )

    def _shown(self, region: Any) -> list[int]:
        """Numbers of the images of which `region` shows anything."""
        every = enumerate(self._set.images)
        return [number for number, image in every if region(number, image.mask.shape[1]).any()]

    def _upload(self, numbers: list[int]) -> None:
        new = [number for number in numbers if number not in self._images]
        for number in new:
            image = self._set.images[number]
            path = f"datasets/{self._dataset}/images/"
            self._images[number] = self._client.upload(path, image.file, name=image.name)["id"]
        for number in new:
            self._client.wait_for_image(self._images[number])

    def _answer(self, number: int) -> None:
        """Answer for every patch that lies wholly in what may be shown."""
        image = self._set.images[number]
        answers = patch_answers(image.mask, self._set.patch)
        shown = self._patches_in(self._set.training, number, image)
        for value, chosen in (("yes", answers & shown), ("no", ~answers & shown)):
            cells: list[Cell] = [(int(row), int(column)) for row, column in np.argwhere(chosen)]
            self._client.label(self._images[number], self._structure, cells, value)
            self._labels += len(cells)

    def _patches_in(self, region: Any, number: int, image: Truth) -> Mask:
        """Tell for each patch whether all its columns of pixels are in the region."""
        columns = region(number, image.mask.shape[1])
        starts = np.arange(0, len(columns), self._set.patch)
        inside = np.logical_and.reduceat(columns, starts)
        rows = -(-image.mask.shape[0] // self._set.patch)
        return np.broadcast_to(inside, (rows, len(inside)))

    def _train(self) -> int:
        readiness = self._client.get(f"datasets/{self._dataset}/train/")
        if not readiness["ready"]:
            raise Refused(f"training is not ready: {readiness['missing']}")
        run = self._client.post(
            f"datasets/{self._dataset}/train/", structures=[self._structure], **self._set.options
        )
        model: int = self._client.wait_for_run(run["id"])["model"]
        return model

    def _segment(self, model: int, numbers: list[int]) -> None:
        images = [self._images[number] for number in numbers]
        run = self._client.post(f"datasets/{self._dataset}/segment/", model=model, images=images)
        self._client.wait_for_run(run["id"])

    def _download(self, model: int, numbers: list[int]) -> dict[int, NDArray[np.integer]]:
        """Return the label image of each image, out of the zip."""
        images = [self._images[number] for number in numbers]
        run = self._client.post(f"datasets/{self._dataset}/export/", model=model, images=images)
        done = self._client.wait_for_run(run["id"])
        target = self._folder / f"{self._set.name}.zip"
        self._client.download(done["download"], target)
        with zipfile.ZipFile(target) as archive:
            if broken := archive.testzip():
                raise Refused(f"{broken} in the zip is damaged")
            return {n: _label_image(archive, self._mask_name(n)) for n in numbers}

    def _mask_name(self, number: int) -> str:
        stem = PurePosixPath(self._set.images[number].name).stem
        return f"masks/{stem}_{self._set.name}.tif"

    def _segmentation(self, model: int, number: int) -> Any:
        path = f"images/{self._images[number]}/segmentations/?model={model}"
        (segmentation,) = self._client.get(path)
        return segmentation

    def _patches(self, model: int, number: int) -> tuple[Mask, Mask]:
        """Found and true answers for the patches that lie wholly in the test region."""
        image = self._set.images[number]
        found = np.array(self._client.get(self._segmentation(model, number)["patches"])["scores"])
        tested = self._patches_in(self._set.test, number, image)
        return found[tested] > EVEN, patch_answers(image.mask, self._set.patch)[tested]

    def _pixels(self, labels: NDArray[np.integer], number: int) -> tuple[Mask, Mask]:
        image = self._set.images[number]
        tested = self._set.test(number, image.mask.shape[1])
        return labels[:, tested] > 0, image.mask[:, tested]

    def _counts(self, labels: NDArray[np.integer], number: int) -> tuple[int, int]:
        image = self._set.images[number]
        tested = self._set.test(number, image.mask.shape[1])
        return scores.objects(labels[:, tested]), scores.objects(image.labels[:, tested])


def _label_image(archive: zipfile.ZipFile, inside: str) -> NDArray[np.integer]:
    if inside not in archive.namelist():
        raise Refused(f"{inside} is missing in the zip: {archive.namelist()}")
    with archive.open(inside) as file:
        return np.asarray(tifffile.imread(file))
