"""Reading a batch of answers: by hand, because a serializer takes a second for 10,000 of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError

from annotations.models.label import Answer
from annotations.services.answer_times import EPOCH
from annotations.services.answers.batches import MAX_ANSWERS
from annotations.services.answers.given import Given

# What a column of the database holds.
MOST = 2**31 - 1
MOST_KEY = 2**63 - 1
VALUES = (*Answer.values, None)


def read_answers(given: Any) -> list[Given]:
    """The answers of a request's body; ValidationError names the first one that is wrong."""
    if not isinstance(given, list):
        raise ValidationError({"answers": ["A list of answers is needed here."]})
    if not 1 <= len(given) <= MAX_ANSWERS:
        raise ValidationError({"answers": [f"Send between 1 and {MAX_ANSWERS} answers at a time."]})
    return [_answer(number, one) for number, one in enumerate(given)]


def read_time(given: Any) -> datetime:
    """A time in ISO 8601, from 1970 on; without a zone it is UTC."""
    time = parse_datetime(given) if isinstance(given, str) else None
    if time is None:
        raise ValueError("a time is written like 2026-05-01T12:00:00.5Z")
    if timezone.is_naive(time):
        time = time.replace(tzinfo=timezone.get_current_timezone())
    if time < EPOCH:
        raise ValueError("a time before 1970 is none of a clock")
    return time


def _answer(number: int, one: Any) -> Given:
    if not isinstance(one, Mapping):
        raise ValidationError({"answers": [f"Answer {number}: an object is needed."]})
    values = {name: _read(number, one, name, read) for name, read in _READERS.items()}
    return Given(**values)


def _read(number: int, one: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    if name not in one and name in _NEEDED:
        raise ValidationError({"answers": [f"Answer {number}: {name} is missing."]})
    try:
        return read(one.get(name))
    except ValueError as error:
        raise ValidationError({"answers": [f"Answer {number}: {name}: {error}."]}) from error


def _number(most: int) -> Callable[[Any], int]:
    def read(given: Any) -> int:
        if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= most:
            raise ValueError(f"a whole number from 0 to {most} is needed")
        return given

    return read


def _value(given: Any) -> str:
    if given not in VALUES:
        raise ValueError("yes, no, unsure or null is needed")
    return given or ""


def _event(given: Any) -> UUID:
    try:
        return UUID(given)
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError("a UUID is needed") from error


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("true, false or null is needed")
    return given


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda given: None if given is None else read(given)


_READERS: dict[str, Callable[[Any], Any]] = {
    "image": _number(MOST_KEY),
    "structure": _number(MOST_KEY),
    "row": _number(MOST),
    "column": _number(MOST),
    "value": _value,
    "event": _optional(_event),
    "at": _optional(read_time),
    "took_ms": _optional(_number(MOST)),
    "suggested": _optional(_flag),
    "handed": _optional(_flag),
}
_NEEDED = {"image", "structure", "row", "column", "value"}
