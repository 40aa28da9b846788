"""How a person looks at the images of a data set: kept per person, shared by all its images."""

import math
import re
from collections.abc import Sequence
from typing import TypedDict

from django.db import transaction

from annotations.errors import Rejected
from annotations.models import Dataset, DisplaySettings, Role, User
from annotations.services.access import require_role

MOST_CHANNELS = 200
# A browser counts on while it reaches nobody; a slip of a program must not use up the numbers.
MOST_AHEAD = 1_000_000
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


def display_of(*, by: User, dataset: Dataset) -> DisplaySettings:
    """The person's own settings, one entry per channel; empty where the defaults are right."""
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    own = DisplaySettings.objects.filter(user=by, dataset=dataset).first()
    return own or DisplaySettings(user=by, dataset=dataset)


@transaction.atomic
def save_display(
    *, by: User, dataset: Dataset, channels: Sequence[ChannelDisplay], turn: int | None = None
) -> DisplaySettings:
    """Keep the channels, none: the defaults, unless a choice of a later turn is kept; what is kept.

    A turn is one more than the latest that the person's browser knows of; without one, the channels
    are the latest choice. No clock has a say.
    """
    require_role(user=by, project=dataset.project, role=Role.VIEWER)
    if len(channels) > MOST_CHANNELS:
        raise Rejected(f"Give at most {MOST_CHANNELS} channels.", field="channels")
    checked = [_checked(number, channel) for number, channel in enumerate(channels, start=1)]
    held = DisplaySettings.objects.select_for_update()
    own, _ = held.get_or_create(user=by, dataset=dataset)
    given = own.turn + 1 if turn is None else turn
    if given > own.turn + MOST_AHEAD:
        raise Rejected(f"The latest turn known here is {own.turn}.", field="turn")
    if given >= own.turn:
        own.channels, own.turn = checked, given
        own.save()
    return own


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
