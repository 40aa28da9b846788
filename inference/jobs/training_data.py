"""From agreed answers to the arrays that a training reads."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Structure
from annotations.services.consensus import PatchAnswer, consensus
from inference.jobs.guessed_patches import add_guesses
from inference.jobs.patch_reading import Cell, read_patches
from inference.micranet.data import TrainingData

Answers = dict[Cell, dict[int, bool]]
OnImage = Callable[[int, int], None]


def load_training_data(
    *,
    dataset: Dataset,
    structures: Sequence[Structure],
    downscale: int,
    on_image: OnImage,
    guess: bool = False,
) -> TrainingData:
    """Read every answered patch of the training and validation images.

    Args: ``guess``: where answers are few, read unanswered patches too, with what to expect of
    them.
    """
    order = [structure.pk for structure in structures]
    answered = _by_image(consensus(dataset=dataset, structures=order))
    images = _used_images(dataset, answered)
    if not images:
        raise Rejected("The answers have been taken back. Label patches and train again.")
    patches, labels, validation = [], [], []
    for number, image in enumerate(images):
        on_image(number, len(images))
        patches.append(read_patches(image, answered[image.pk], downscale))
        labels.append(_labels(answered[image.pk], order))
        is_validation = image.split == Image.Split.VALIDATION
        validation.append(np.full(len(labels[-1]), is_validation))
    data = TrainingData(
        patches=np.concatenate(patches),
        labels=np.concatenate(labels),
        validation=np.concatenate(validation),
        structures=tuple(structure.name for structure in structures),
        downscale=downscale,
    )
    if not guess:
        return data
    cells = [(image, list(answered[image.pk])) for image in images]
    return add_guesses(data, dataset=dataset, answered=cells, downscale=downscale)


def _by_image(answers: Sequence[PatchAnswer]) -> dict[int, Answers]:
    grouped: dict[int, Answers] = defaultdict(lambda: defaultdict(dict))
    for answer in answers:
        grouped[answer.image][answer.row, answer.column][answer.structure] = answer.present
    return grouped


def _used_images(dataset: Dataset, answered: dict[int, Answers]) -> list[Image]:
    used = (Image.Split.TRAIN, Image.Split.VALIDATION)
    images = dataset.images.filter(pk__in=answered, split__in=used)
    return list(images.select_related("dataset").order_by("pk"))


def _labels(answers: Answers, order: Sequence[int]) -> npt.NDArray[np.float32]:
    """float32 (patches, structures): 1 yes, 0 no, nan where nobody answered."""
    rows = [[own.get(structure, np.nan) for structure in order] for own in answers.values()]
    return np.array(rows, dtype=np.float32)
