"""Which images train, which measure while training, and which are kept aside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from annotations.models import Dataset, Image
from annotations.services.consensus import PatchAnswer

SHARES = {Image.Split.TRAIN: 0.7, Image.Split.VALIDATION: 0.2, Image.Split.TEST: 0.1}
# Below this, an image kept aside for the test would be missed more than it tells.
TEST_FROM = 10

Splits = dict[int, str]


def plan_splits(*, dataset: Dataset, answers: Iterable[PatchAnswer]) -> Splits:
    """The split of every labelled image: what was decided before stays, new ones are shared out.

    Images with both answers about most structures come first, because the first one trains and the
    second one validates; equals are ordered by their content, not by name or upload.
    """
    variety = _variety(answers)
    labelled = list(dataset.images.filter(pk__in=variety).order_by("sha256"))
    labelled.sort(key=lambda image: -variety[image.pk])
    splits = {image.pk: image.split for image in labelled if image.split}
    for image in labelled:
        if image.pk not in splits:
            splits[image.pk] = _most_wanting(splits, len(labelled))
    return splits


def keep_splits(splits: Mapping[int, str]) -> None:
    """Write decisions down; an image that has one already keeps it."""
    for split in Image.Split.values:
        chosen = [pk for pk, own in splits.items() if own == split]
        Image.objects.filter(pk__in=chosen, split="").update(split=split)


def _variety(answers: Iterable[PatchAnswer]) -> dict[int, int]:
    """For each labelled image, the number of different (structure, answer) pairs on it."""
    seen: dict[int, set[tuple[int, bool]]] = defaultdict(set)
    for answer in answers:
        seen[answer.image].add((answer.structure, answer.present))
    return {image: len(pairs) for image, pairs in seen.items()}


def _most_wanting(splits: Splits, total: int) -> str:
    """The split that is furthest below its share, training first."""
    given = list(splits.values())
    wanted = [Image.Split.TRAIN, Image.Split.VALIDATION]
    if total >= TEST_FROM:
        wanted.append(Image.Split.TEST)
    for split in wanted[:2]:
        if split not in given:
            return split
    count = len(given) + 1
    return max(wanted, key=lambda split: SHARES[split] * count - given.count(split))
