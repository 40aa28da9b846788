"""Whether there is enough to train on, and if not, what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotations.models import Dataset, Image, Structure
from annotations.services.consensus import PatchAnswer, consensus
from annotations.services.splits import Splits, plan_splits


@dataclass(frozen=True)
class StructureReadiness:
    id: int
    name: str
    colour: str
    yes: int
    no: int
    images: int


@dataclass(frozen=True)
class Readiness:
    missing: list[str]
    structures: list[StructureReadiness]
    splits: Splits

    @property
    def ready(self) -> bool:
        return not self.missing


def training_readiness(
    *, dataset: Dataset, structures: Sequence[Structure] | None = None
) -> Readiness:
    """Count the agreed answers and name everything that keeps a training from starting.

    Without `structures`, those that have any answer are meant.
    """
    asked = list(structures or Structure.objects.filter(project=dataset.project_id))
    answers = consensus(dataset=dataset, structures=[structure.pk for structure in asked])
    counts = [_count(structure, answers) for structure in asked]
    if structures is None:
        counts = [count for count in counts if count.yes + count.no] or counts
    splits = plan_splits(dataset=dataset, answers=answers)
    return Readiness(_missing(dataset, counts, answers, splits), counts, splits)


def _count(structure: Structure, answers: Iterable[PatchAnswer]) -> StructureReadiness:
    own = [answer for answer in answers if answer.structure == structure.pk]
    yes = sum(answer.present for answer in own)
    return StructureReadiness(
        id=structure.pk,
        name=structure.name,
        colour=structure.colour,
        yes=yes,
        no=len(own) - yes,
        images=len({answer.image for answer in own}),
    )


def _missing(
    dataset: Dataset,
    counts: Sequence[StructureReadiness],
    answers: Sequence[PatchAnswer],
    splits: Splits,
) -> list[str]:
    if not counts:
        return ["Add a structure to the project: what should people answer yes or no about?"]
    if not dataset.images.ready().exists():
        return ["Upload images and wait until they are imported."]
    problems = [problem for count in counts for problem in _missing_answers(count)]
    problems += _missing_images(splits)
    if not problems:
        problems += _missing_for_training(counts, answers, splits)
        problems += _missing_for_validation(splits)
        problems += _mixed_channels(dataset, splits)
    return problems


def _missing_answers(count: StructureReadiness) -> list[str]:
    if not count.yes and not count.no:
        return [f"{count.name}: no patch is answered yet. Answer some with yes and some with no."]
    if not count.yes:
        return [f"{count.name}: every answer is no. Answer some patches with yes."]
    if not count.no:
        return [f"{count.name}: every answer is yes. Answer some patches with no."]
    return []


def _missing_images(splits: Splits) -> list[str]:
    if len(splits) != 1:
        # Where there are none, every structure has said so already.
        return []
    message = (
        "The answers are on one image only. Label patches on a second image, "
        "so that the model can be checked on one that it has not seen."
    )
    return [message]


def _missing_for_training(
    counts: Sequence[StructureReadiness], answers: Sequence[PatchAnswer], splits: Splits
) -> list[str]:
    seen = {
        (answer.structure, answer.present)
        for answer in answers
        if splits[answer.image] == Image.Split.TRAIN
    }
    return [
        f"{count.name}: on the images kept for training, no patch is answered with {value}. "
        f"Answer some patches of more images with {value}."
        for count in counts
        for value, present in (("yes", True), ("no", False))
        if (count.id, present) not in seen
    ]


def _missing_for_validation(splits: Splits) -> list[str]:
    """An image keeps its split, so the one that checked earlier models may be gone."""
    if Image.Split.VALIDATION in splits.values():
        return []
    message = (
        "No labelled image is left to check the model on: all of them have trained one. "
        "Label patches on one more image."
    )
    return [message]


def _mixed_channels(dataset: Dataset, splits: Splits) -> list[str]:
    images = dataset.images.filter(pk__in=splits).values_list("channels", flat=True)
    numbers = sorted({len(channels) for channels in images})
    needed = max(dataset.used_channels, default=-1) + 1
    if dataset.used_channels and numbers[0] >= needed:
        return []  # the same channels of each, however many it has
    if dataset.used_channels:
        message = (
            f"The data set works on channel {needed}, and a labelled image has only {numbers[0]}. "
            "Choose the channels anew, or keep such images in another data set."
        )
        return [message]
    if len(numbers) < 2:
        return []
    listed = " and ".join(str(number) for number in numbers)
    message = (
        f"Labelled images have {listed} channels. Choose which channels the data set works on, "
        "or keep them in separate data sets."
    )
    return [message]
