"""Whether an image has the channels that a model was trained on, by name."""

import re
from collections.abc import Sequence

from annotations.models import Dataset, Image
from annotations.services.working import working_channels
from inference.micranet.errors import ModelRefused
from inference.models import ModelVersion

# What a channel is called whose file has no name for it.
_NUMBERED = re.compile(r"channel \d+")


def trained_channels(dataset: Dataset) -> list[str]:
    """Names of the channels that trainings see; none where the images do not agree on them."""
    used = (Image.Split.TRAIN, Image.Split.VALIDATION)
    images = dataset.images.ready().filter(split__in=used).select_related("dataset")
    found = {tuple(names_of(image)) for image in images}
    return list(found.pop()) if len(found) == 1 else []


def names_of(image: Image) -> list[str]:
    """Names of the channels that the working view shows.

    Raises:
        WorkingViewRefused: the data set works on a channel that the image does not have.
    """
    return [str(channel["name"]) for channel in working_channels(image)]


def check_channels(version: ModelVersion, names: Sequence[str]) -> None:
    """Refuse a model for other channels than it was trained on.

    Models that kept no names, and a name beside a mere number, are not judged; that the number of
    channels is right is seen to where the model is used.

    Raises:
        ModelRefused: names both.
    """
    trained = version.channels
    if len(trained) == len(names) and any(map(_differ, trained, names)):
        raise ModelRefused(
            f"The model was trained on {_list(trained)}, this is {_list(names)}: choose these "
            "channels in the settings of the data set, or train a model on them."
        )


def _differ(one: str, other: str) -> bool:
    one, other = one.strip().lower(), other.strip().lower()
    # A file without names says nothing against one with names.
    numbered = [not name or _NUMBERED.fullmatch(name) is not None for name in (one, other)]
    return one != other and numbered[0] == numbered[1]


def _list(names: Sequence[str]) -> str:
    return ", ".join(name or "a channel without a name" for name in names)
