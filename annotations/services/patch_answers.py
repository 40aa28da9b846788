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
from annotations.services.sheets import CODES, SIDE_BITS, Layout

# As a patch is packed, with the code of the answer behind it.
_CODE_BITS = 2

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
    *, user: User, dataset: Dataset, structure: Structure, layout: Layout
) -> NDArray[np.uint8]:
    """(patches,) the person's own answers: 0 none, 1 yes, 2 no, 3 unsure. One query."""
    codes = np.zeros(layout.size, dtype=np.uint8)
    mine: Any = Label.objects.filter(
        image__dataset=dataset, structure=structure, annotator=user
    ).order_by()
    # In one group: the database would sort the answers for several, which takes as long again.
    packed = _unpacked(mine.aggregate(all=_Bytes(_packed()))["all"])
    code = packed & (2**_CODE_BITS - 1)
    numbers = layout.positions(packed >> _CODE_BITS)
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
    image = shifted("image_id", 2 * SIDE_BITS + _CODE_BITS)
    whole = image + shifted("row", SIDE_BITS + _CODE_BITS) + shifted("column", _CODE_BITS) + code
    return Cast(whole, BigIntegerField())


def _unpacked(stored: bytes | memoryview | str | None) -> Numbers:
    if stored is None:
        return np.empty(0, dtype=np.int64)
    if isinstance(stored, str):
        return np.fromstring(stored, dtype=np.int64, sep=",")
    return np.frombuffer(stored, dtype=">i8").astype(np.int64)
