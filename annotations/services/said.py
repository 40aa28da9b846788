"""Who gave which answer to a patch, by name."""

from typing import TypedDict

from annotations.models import User
from annotations.services.sheets import NAMES, Codes, Positions, Sheet


class Said(TypedDict):
    annotator_id: int
    annotator: str
    value: str


def codes_of(sheet: Sheet, positions: Positions) -> dict[int, Codes]:
    """(positions,) codes of each person, 0 also for a position of -1; a copy."""
    known = positions >= 0
    return {person: sheet.codes[person][positions] * known for person in sorted(sheet.codes)}


def who_said(codes: dict[int, Codes], count: int) -> list[list[Said]]:
    """What people said about so many patches, from `codes_of`. One query."""
    names = dict(User.objects.filter(pk__in=codes).values_list("pk", "username"))
    found: list[list[Said]] = [[] for _ in range(count)]
    for person, given in codes.items():
        for number in given.nonzero()[0].tolist():
            value = NAMES[int(given[number])]
            found[number].append(
                {"annotator_id": person, "annotator": names[person], "value": value}
            )
    return found
