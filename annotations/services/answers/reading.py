"""What the database holds about a person and the patches of a batch, in two queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from annotations.models import User
from annotations.services.answers.given import Given, Patch
from annotations.services.statements import Part, among, rows, table, time_of, uuid_of

KEYS = ("image_id", "structure_id", "row", "column")


class Found(NamedTuple):
    """A row about a patch: a "label", when one was "cleared", a "lease", a "repeat", a "remark" or
    what was said when asked again: a "second".

    `at` is when it was said or cleared, of a lease or a repeat when its time is up.
    """

    what: str
    patch: Patch
    pk: int
    value: str
    at: datetime | None


def known_events(by: User, events: Sequence[UUID]) -> set[UUID]:
    """Which of these answers of the person were taken in before."""
    if not events:
        return set()
    which, params = among("event", events)
    found = rows(_KNOWN.format(which=which), [by.pk, *params])
    return {uuid_of(event) for (event,) in found}


def found_about(by: User, answers: Sequence[Given]) -> list[Found]:
    """All of it: labels first, then when answers were taken back, by time, then the rest."""
    if not answers:
        return []
    asked, params = table("asked", KEYS, list({given.patch for given in answers}))
    images, keys = _images(answers)
    oldest = min(given.at for given in answers if given.at is not None)
    sql = _ABOUT.format(asked=asked, images=images)
    found = rows(sql, [*params, by.pk, by.pk, oldest, *keys, by.pk, by.pk, by.pk])
    return [
        Found(what, (image, structure, row, column), pk, value, at and time_of(at))
        for _, what, image, structure, row, column, pk, value, at in found
    ]


def _images(answers: Sequence[Given]) -> Part:
    return among("c.image_id", list({given.image for given in answers}))


_KNOWN = "SELECT event FROM annotations_labelchange WHERE annotator_id = %s AND {which}"
_PATCH = 'asked.image_id, asked.structure_id, asked."row", asked."column"'


def _join(name: str, alias: str) -> str:
    return (
        f"FROM asked JOIN {name} {alias} ON {alias}.image_id = asked.image_id "
        f"AND {alias}.structure_id = asked.structure_id "
        f'AND {alias}."row" = asked."row" AND {alias}."column" = asked."column"'
    )


# Taken back is asked only as far as one of these answers could be older than that.
_ABOUT = f"""
WITH {{asked}}
SELECT 1 AS place, 'label' AS what, {_PATCH}, l.id, l.value, l.updated_at AS "at"
{_join("annotations_label", "l")} WHERE l.annotator_id = %s
UNION ALL
SELECT 2, 'cleared', {_PATCH}, c.id, '', c."at"
{_join("annotations_labelchange", "c")}
WHERE c.annotator_id = %s AND c.new = '' AND c.applied AND c."at" > %s AND {{images}}
UNION ALL
SELECT 3, CASE WHEN h.is_repeat THEN 'repeat' ELSE 'lease' END, {_PATCH}, h.id, '', h.expires_at
{_join("annotations_lease", "h")} WHERE h.annotator_id = %s
UNION ALL
SELECT 4, 'remark', {_PATCH}, r.id, '', NULL
{_join("annotations_remark", "r")} WHERE r.sent_to_id = %s AND r.done_at IS NULL
UNION ALL
SELECT 5, 'second', {_PATCH}, s.id, '', s."at"
{_join("annotations_repeat", "s")} WHERE s.annotator_id = %s
ORDER BY 1, 9
"""
