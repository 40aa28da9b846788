"""Many files at once: what need not be sent, whether all have room, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Value, When

from annotations.errors import NoRoom
from annotations.models import Dataset, Image, Role, Upload, User
from annotations.services.access import require_role
from annotations.services.images.receiving import clean_file_name
from annotations.services.images.room import check_space
from annotations.services.images.uploads import discard_upload

# What one asks about at once; a larger drop is asked about in parts.
MOST_FILES = 20_000
SHOWN = 200
_OPEN = (Upload.State.REFUSED, Upload.State.RECEIVING, Upload.State.RECEIVED)


@dataclass(frozen=True)
class Announced:
    """A file as the sender's disk lists it; `modified` in ms since 1970."""

    name: str
    size: int
    modified: int


@dataclass(frozen=True)
class Plan:
    """Places of the files that are here, and why the others have no room together, if so."""

    here: list[int]
    refusal: str


@dataclass(frozen=True)
class Arriving:
    """How many of one's files are in each state, and the first of them, the refused ones first."""

    counts: dict[str, int]
    uploads: list[Upload]


def plan_uploads(*, by: User, dataset: Dataset, files: Sequence[Announced]) -> Plan:
    """Look through files before a byte is sent.

    Here is what the same person sent to this data set before, of the same name, size and date, and
    what is being read or has its image still. Of another person or another date it is sent again;
    then its bytes tell.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    known = _known(by, dataset)
    here = [place for place, file in enumerate(files) if _mark(file) in known]
    places = set(here)
    rest = [file for place, file in enumerate(files) if place not in places]
    return Plan(here=here, refusal=_refusal(dataset, rest))


def arriving(*, dataset: Dataset, user: User) -> Arriving:
    """One's own files on their way into a data set, and those refused and not yet dismissed."""
    mine = Upload.objects.visible_to(user).filter(dataset=dataset, state__in=_OPEN)
    counts = dict(mine.order_by().values_list("state").annotate(files=Count("pk")))
    order = [When(state=state, then=Value(place)) for place, state in enumerate(_OPEN)]
    ordered = mine.annotate(place=Case(*order, output_field=IntegerField()))
    uploads = ordered.order_by("place", "created_at", "pk")[:SHOWN]
    return Arriving(
        counts={str(state): counts.get(state, 0) for state in _OPEN}, uploads=list(uploads)
    )


def dismiss_refused(*, by: User, dataset: Dataset) -> int:
    """Take all of one's refused files off the list; how many they were."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    refused = Upload.objects.visible_to(by).filter(dataset=dataset, state=Upload.State.REFUSED)
    uploads = list(refused.select_related("dataset__project"))
    for upload in uploads:
        discard_upload(by=by, upload=upload)
    return len(uploads)


def _known(by: User, dataset: Dataset) -> set[tuple[str, int, int]]:
    """Name, size and date of what the person sent and what is here or being read."""
    kept = dataset.images.exclude(state=Image.State.REFUSED)
    bytes_here = set(kept.order_by().values_list("sha256", flat=True))
    states = (Upload.State.RECEIVED, Upload.State.DONE)
    mine = Upload.objects.filter(dataset=dataset, by=by, state__in=states)
    rows = mine.order_by().values_list("name", "byte_count", "state", "details")
    return {
        (name, size, int(details["modified"]))
        for name, size, state, details in rows
        if "modified" in details
        and (state == Upload.State.RECEIVED or details.get("sha256") in bytes_here)
    }


def _mark(file: Announced) -> tuple[str, int, int]:
    return clean_file_name(file.name), file.size, file.modified


def _refusal(dataset: Dataset, files: Sequence[Announced]) -> str:
    if not files:
        return ""
    name = files[0].name if len(files) == 1 else f"{len(files)} files"
    try:
        check_space(dataset=dataset, name=name, byte_count=sum(file.size for file in files))
    except NoRoom as refusal:
        return refusal.message
    return ""
