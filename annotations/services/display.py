"""How a person looks at the images of a data set: kept per person, shared by all its images."""

import math
import re
from collections.abc import Sequence
from typing import TypedDict

from annotations.errors import Rejected
from annotations.models import Dataset, DisplaySettings, Role, User
from annotations.services.access import require_role

MOST_CHANNELS = 200
LONGEST_NAME = 200
GAMMA = (0.1, 10.0)
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


class ChannelDisplay(TypedDict):
    """One channel; `low` and `high` are in the image's own values, `colour` is 'RRGGBB'."""

    name: str
    colour: str
    visible: bool
    low: float
    high: float
    gamma: float


def display_of(*, by: User, dataset: Dataset) -> list[ChannelDisplay]:
    """The person's own settings, one entry per channel; empty where the defaults are right."""
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    own = DisplaySettings.objects.filter(user=by, dataset=dataset).first()
    return list(own.channels) if own else []


def save_display(
    *, by: User, dataset: Dataset, channels: Sequence[ChannelDisplay]
) -> list[ChannelDisplay]:
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    kept = [_checked(number, channel) for number, channel in enumerate(channels, start=1)]
    if not 1 <= len(kept) <= MOST_CHANNELS:
        raise Rejected(f"Give 1 to {MOST_CHANNELS} channels.", field="channels")
    DisplaySettings.objects.update_or_create(user=by, dataset=dataset, defaults={"channels": kept})
    return kept


def forget_display(*, by: User, dataset: Dataset) -> None:
    """Go back to the defaults that each image brings along."""
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    DisplaySettings.objects.filter(user=by, dataset=dataset).delete()


def _checked(number: int, channel: ChannelDisplay) -> ChannelDisplay:
    numbers = (channel["low"], channel["high"], channel["gamma"])
    if not all(math.isfinite(value) for value in numbers):
        raise _wrong(number, "low, high and gamma are finite numbers")
    if channel["low"] >= channel["high"]:
        raise _wrong(number, "low must be below high")
    if not GAMMA[0] <= channel["gamma"] <= GAMMA[1]:
        raise _wrong(number, f"gamma is between {GAMMA[0]:g} and {GAMMA[1]:g}")
    if not _COLOUR.fullmatch(channel["colour"]):
        raise _wrong(number, "the colour is written as six hexadecimal digits")
    if len(channel["name"]) > LONGEST_NAME:
        raise _wrong(number, f"the name has at most {LONGEST_NAME} letters")
    return channel


def _wrong(number: int, what: str) -> Rejected:
    return Rejected(f"Channel {number}: {what}.", field="channels")
