"""A person's own answers about all patches of a data set, read as one value."""

from typing import Any

import numpy as np
from django.db.models import (
    Aggregate,
    BigIntegerField,
    BinaryField,
    Case,
    Expression,
    F,
    Value,
    When,
)
from django.db.models.functions import Cast
from numpy.typing import NDArray

from annotations.models import Dataset, Label, Structure, User
from annotations.models.label import Answer
from annotations.services.patch_places import Places

CODES: dict[str, int] = {Answer.YES: 1, Answer.NO: 2, Answer.UNSURE: 3}

# Image, row, column and code in one number.
_CODE_BITS, _SIDE_BITS = 2, 18
_SIDE = 2**_SIDE_BITS - 1

Numbers = NDArray[np.int64]


class _Bytes(Aggregate):
    """Whole numbers one after the other: 100,000 of them are one value, not as many rows.

    PostgreSQL packs them as they are; SQLite has only text for that.
    """

    template = "STRING_AGG(int8send(%(expressions)s), ''::bytea)"
    output_field = BinaryField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "GROUP_CONCAT(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


def own_codes(
    *, user: User, dataset: Dataset, structure: Structure, places: Places
) -> NDArray[np.uint8]:
    """(patches,) the person's own answers: 0 none, 1 yes, 2 no, 3 unsure. One query."""
    codes = np.zeros(places.count, dtype=np.uint8)
    mine: Any = Label.objects.filter(
        image__dataset=dataset, structure=structure, annotator=user
    ).order_by()
    # In one group: the database would sort the answers for several, which takes as long again.
    packed = _unpacked(mine.aggregate(all=_Bytes(_packed()))["all"])
    places_, code = packed >> _CODE_BITS, packed & (2**_CODE_BITS - 1)
    rows, columns = (places_ >> _SIDE_BITS) & _SIDE, places_ & _SIDE
    numbers = places.numbers(places_ >> (2 * _SIDE_BITS), rows, columns)
    known = numbers >= 0
    codes[numbers[known]] = code[known]
    return codes


def _packed() -> Expression:
    def shifted(name: str, bits: int) -> Any:
        return Cast(F(name), BigIntegerField()) * Value(1 << bits, output_field=BigIntegerField())

    code = Case(
        *(When(value=value, then=Value(number)) for value, number in CODES.items()),
        output_field=BigIntegerField(),
    )
    image = shifted("image_id", 2 * _SIDE_BITS + _CODE_BITS)
    whole = image + shifted("row", _SIDE_BITS + _CODE_BITS) + shifted("column", _CODE_BITS) + code
    return Cast(whole, BigIntegerField())


def _unpacked(stored: bytes | memoryview | str | None) -> Numbers:
    if stored is None:
        return np.empty(0, dtype=np.int64)
    if isinstance(stored, str):
        return np.fromstring(stored, dtype=np.int64, sep=",")
    return np.frombuffer(stored, dtype=">i8").astype(np.int64)
