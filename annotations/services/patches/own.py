"""A person's own answers about all patches of a data set, read as one value."""

from typing import Any

import numpy as np
from django.db.models import (
    BigIntegerField,
    Case,
    Expression,
    F,
    Value,
    When,
)
from django.db.models.functions import Cast
from numpy.typing import NDArray

from annotations.models import Dataset, Label, Structure, User
from annotations.services.joined import Joined, numbers
from annotations.services.sheets import CODES, SIDE_BITS, Layout

# As a patch is packed, with the code of the answer behind it.
_CODE_BITS = 2


def own_codes(
    *, user: User, dataset: Dataset, structure: Structure, layout: Layout
) -> NDArray[np.uint8]:
    """(patches,) the person's own answers: 0 none, 1 yes, 2 no, 3 unsure. One query."""
    codes = np.zeros(layout.size, dtype=np.uint8)
    mine: Any = Label.objects.filter(
        image__dataset=dataset, structure=structure, annotator=user
    ).order_by()
    # In one group: the database would sort the answers for several, which takes as long again.
    packed = numbers(mine.aggregate(all=Joined(_packed()))["all"])
    code = packed & (2**_CODE_BITS - 1)
    positions = layout.positions(packed >> _CODE_BITS)
    known = positions >= 0
    codes[positions[known]] = code[known]
    return codes


def _packed() -> Expression:
    def shifted(name: str, bits: int) -> Any:
        return Cast(F(name), BigIntegerField()) * Value(1 << bits, output_field=BigIntegerField())

    code = Case(
        *(When(value=value, then=Value(number)) for value, number in CODES.items()),
        output_field=BigIntegerField(),
    )
    image = shifted("image_id", 2 * SIDE_BITS + _CODE_BITS)
    whole = image + shifted("row", SIDE_BITS + _CODE_BITS) + shifted("column", _CODE_BITS) + code
    return Cast(whole, BigIntegerField())
